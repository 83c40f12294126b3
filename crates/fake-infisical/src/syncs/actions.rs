//! What is asked of a sync beside its configuration: jobs, and whether somebody else writes to the same place.

use serde_json::json;

use super::destination::Destination;
use super::job::{self, Task};
use crate::auth::access;
use crate::error::Fault;
use crate::http::{Answer, Request};
use crate::seed::Access;
use crate::shared::Shared;

/// `POST .../sync-secrets`, `.../import-secrets` and `.../remove-secrets`.
pub(crate) fn run(
    shared: &Shared,
    request: &Request,
    to: &Destination,
    id: &str,
    what: &str,
) -> Result<Answer, Fault> {
    let now = shared.clock.now();
    let world = &mut *shared.world();
    let actor = access::admit(world, request, now)?;
    let task = match what {
        "sync-secrets" => Task::Sync,
        "remove-secrets" => Task::Remove,
        _ => {
            let mut fields = request.parameters();
            let behavior = fields.text("importBehavior");
            // Without the `import-` that the option of the same meaning has.
            if !["prioritize-source", "prioritize-destination"].contains(&behavior.as_str()) {
                fields.complain(
                    "importBehavior",
                    "Invalid enum value. Expected 'prioritize-source' | 'prioritize-destination'",
                );
            }
            fields.close()?;
            if !to.can_import {
                return Err(Fault::bad_request(format!("{} does not support importing secrets", to.name)));
            }
            Task::Import { destination_wins: behavior == "prioritize-destination" }
        }
    };
    let number = world.sync(actor, to, id, (Access::Write, what))?;
    world.enqueue(number, task);
    Ok(world.sync_answer(number))
}

/// `POST /api/v1/secret-syncs/{destination}/check-destination`.
pub(crate) fn check_destination(
    shared: &Shared,
    request: &Request,
    to: &Destination,
) -> Result<Answer, Fault> {
    let now = shared.clock.now();
    let world = &mut *shared.world();
    let actor = access::admit(world, request, now)?;
    let mut fields = request.json()?;
    let config = fields.object("destinationConfig");
    let project = fields.uuid("projectId");
    let except = fields.optional("excludeSyncId");
    fields.close()?;
    let project = world.project_by_id(&project)?;
    world.access(actor, &world.projects[project], "", "/")?;
    let mut syncs =
        world.syncs.iter().filter(|it| it.destination == to.name && Some(&it.id) != except.as_ref());
    let same = syncs.find(|it| job::key(to.name, &it.config) == job::key(to.name, &config));
    let mut body = json!({"hasDuplicate": same.is_some()});
    if let Some(sync) = same {
        body["duplicateProjectId"] = world.projects[sync.project].id.clone().into();
    }
    Ok(Answer::ok(body))
}
