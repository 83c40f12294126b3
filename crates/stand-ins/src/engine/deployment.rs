//! The side that plugins talk to: every resource is made at once, and nothing is kept but the first component's children.

use std::sync::Mutex;

use keyloom_wire::message::engine::{
    GetRootResourceRequest, GetRootResourceResponse, LogRequest, SetRootResourceRequest,
    SetRootResourceResponse,
};
use keyloom_wire::message::monitor::{
    RegisterResourceOutputsRequest, RegisterResourceRequest, RegisterResourceResponse,
    SupportsFeatureRequest, SupportsFeatureResponse,
};
use keyloom_wire::property::decode_map;
use keyloom_wire::service::{Engine, ResourceMonitor};
use serde_json::{Value as Json, json};
use tonic::Status;

use super::{PROJECT, STACK};
use crate::object::{plain_map, to_json};

/// A deployment in which everything succeeds.
#[derive(Debug, Default)]
pub(super) struct Deployment {
    /// Of one component: the first has a parent that was registered before all others.
    first: Mutex<Option<String>>,
    children: Mutex<Vec<Json>>,
}

impl Deployment {
    /// Children of the first component, in the order of their types and names.
    pub(super) fn children(&self) -> Vec<Json> {
        let mut children = lock(&self.children).clone();
        children.sort_by_key(ToString::to_string);
        children
    }

    fn remember(&self, request: &RegisterResourceRequest, urn: &str) -> Result<(), Status> {
        let mut first = lock(&self.first);
        if !request.custom {
            first.get_or_insert_with(|| urn.to_owned());
        }
        if request.custom && first.as_deref() == Some(&request.parent) {
            let object = request.object.clone().unwrap_or_default();
            let inputs = decode_map(&object).map_err(|error| Status::invalid_argument(error.to_string()))?;
            lock(&self.children).push(json!({
                "type": request.r#type,
                "name": request.name,
                "inputs": to_json(&plain_map(&inputs)),
            }));
        }
        Ok(())
    }
}

impl ResourceMonitor for Deployment {
    async fn supports_feature(
        &self,
        request: SupportsFeatureRequest,
    ) -> Result<SupportsFeatureResponse, Status> {
        // Everything that the engine of today knows; `transforms` would have programs serve callbacks.
        Ok(SupportsFeatureResponse { has_support: request.id != "transforms" })
    }

    async fn register_resource(
        &self,
        request: RegisterResourceRequest,
    ) -> Result<RegisterResourceResponse, Status> {
        let urn = urn(&request.parent, &request.r#type, &request.name);
        self.remember(&request, &urn)?;
        let id = if request.custom { request.name } else { String::new() };
        let object = request.custom.then_some(request.object).flatten();
        Ok(RegisterResourceResponse { urn, id, object, ..RegisterResourceResponse::default() })
    }

    async fn register_resource_outputs(&self, _: RegisterResourceOutputsRequest) -> Result<(), Status> {
        Ok(())
    }
}

impl Engine for Deployment {
    async fn log(&self, _: LogRequest) -> Result<(), Status> {
        Ok(())
    }

    async fn get_root_resource(&self, _: GetRootResourceRequest) -> Result<GetRootResourceResponse, Status> {
        Ok(GetRootResourceResponse { urn: urn("", "pulumi:pulumi:Stack", &format!("{PROJECT}-{STACK}")) })
    }

    async fn set_root_resource(&self, _: SetRootResourceRequest) -> Result<SetRootResourceResponse, Status> {
        Ok(SetRootResourceResponse {})
    }
}

/// The URN of a resource: the types of its parents are in it, but that of the stack.
pub(super) fn urn(parent: &str, token: &str, name: &str) -> String {
    let parents = parent.split("::").nth(2).filter(|types| *types != "pulumi:pulumi:Stack");
    let types = parents.map_or_else(|| token.to_owned(), |parents| format!("{parents}${token}"));
    format!("urn:pulumi:{STACK}::{PROJECT}::{types}::{name}")
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn urns_hold_the_types_of_all_parents_but_the_stack() {
        let stack = urn("", "pulumi:pulumi:Stack", "bench-dev");
        assert_eq!(stack, "urn:pulumi:dev::bench::pulumi:pulumi:Stack::bench-dev");
        let component = urn(&stack, "keyloom:index:Keyloom", "a");
        assert_eq!(component, "urn:pulumi:dev::bench::keyloom:index:Keyloom::a");
        let child = urn(&component, "kubernetes:core/v1:Secret", "b");
        assert_eq!(child, "urn:pulumi:dev::bench::keyloom:index:Keyloom$kubernetes:core/v1:Secret::b");
    }
}
