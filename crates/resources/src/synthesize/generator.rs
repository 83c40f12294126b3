//! Generators, whose `spec` is upstream's already.

use keyloom_models::GeneratorConfig;

use super::metadata;
use crate::generator::Generator;

pub(super) fn lower(item: &GeneratorConfig) -> Generator {
    Generator {
        metadata: metadata(&item.name, item.namespace.as_ref(), &item.labels, &item.annotations),
        cluster: item.cluster_scoped,
        spec: item.spec.clone(),
    }
}
