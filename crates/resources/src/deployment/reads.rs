//! What a pod reads, as the declaration has it. `optional: false` is what is meant where nothing is said.

use keyloom_models::service::{
    ConfigMapVolume, EnvFrom, EnvVar, FieldRef, KeyRef, KeyToPath, ObjectRef, Port, PullSecret, SecretVolume,
    ValueFrom,
};

use crate::walk::{Map, Sink, Walk, map};

fn optional<S: Sink>(m: &mut Map<'_, S>, optional: bool) -> Result<(), S::Error> {
    if optional { m.field("optional", &true) } else { Ok(()) }
}

impl Walk for Port {
    fn walk<S: Sink>(&self, sink: &mut S) -> Result<(), S::Error> {
        map(sink, |m| {
            m.optional("name", &self.name)?;
            m.field("containerPort", &self.container_port)
        })
    }
}

impl Walk for EnvFrom {
    fn walk<S: Sink>(&self, sink: &mut S) -> Result<(), S::Error> {
        map(sink, |m| {
            m.optional("prefix", &self.prefix)?;
            m.optional("secretRef", &self.secret_ref)?;
            m.optional("configMapRef", &self.config_map_ref)
        })
    }
}

impl Walk for PullSecret {
    fn walk<S: Sink>(&self, sink: &mut S) -> Result<(), S::Error> {
        map(sink, |m| m.field("name", &self.name))
    }
}

impl Walk for ObjectRef {
    fn walk<S: Sink>(&self, sink: &mut S) -> Result<(), S::Error> {
        map(sink, |m| {
            m.field("name", &self.name)?;
            optional(m, self.optional)
        })
    }
}

impl Walk for EnvVar {
    fn walk<S: Sink>(&self, sink: &mut S) -> Result<(), S::Error> {
        map(sink, |m| {
            m.field("name", &self.name)?;
            m.optional("value", &self.value)?;
            m.optional("valueFrom", &self.value_from)
        })
    }
}

impl Walk for ValueFrom {
    fn walk<S: Sink>(&self, sink: &mut S) -> Result<(), S::Error> {
        map(sink, |m| {
            m.optional("secretKeyRef", &self.secret_key_ref)?;
            m.optional("configMapKeyRef", &self.config_map_key_ref)?;
            m.optional("fieldRef", &self.field_ref)
        })
    }
}

impl Walk for KeyRef {
    fn walk<S: Sink>(&self, sink: &mut S) -> Result<(), S::Error> {
        map(sink, |m| {
            m.field("name", &self.name)?;
            m.field("key", &self.key)?;
            optional(m, self.optional)
        })
    }
}

impl Walk for FieldRef {
    fn walk<S: Sink>(&self, sink: &mut S) -> Result<(), S::Error> {
        map(sink, |m| m.field("fieldPath", &self.field_path))
    }
}

impl Walk for SecretVolume {
    fn walk<S: Sink>(&self, sink: &mut S) -> Result<(), S::Error> {
        map(sink, |m| {
            m.field("secretName", &self.secret_name)?;
            m.nonempty("items", &self.items)?;
            optional(m, self.optional)
        })
    }
}

impl Walk for ConfigMapVolume {
    fn walk<S: Sink>(&self, sink: &mut S) -> Result<(), S::Error> {
        map(sink, |m| {
            m.field("name", &self.name)?;
            m.nonempty("items", &self.items)?;
            optional(m, self.optional)
        })
    }
}

impl Walk for KeyToPath {
    fn walk<S: Sink>(&self, sink: &mut S) -> Result<(), S::Error> {
        map(sink, |m| {
            m.field("key", &self.key)?;
            m.field("path", &self.path)
        })
    }
}
