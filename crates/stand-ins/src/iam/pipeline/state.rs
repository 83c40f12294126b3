//! What a role may do beside the secrets: with the keys that encrypt them and the state, and with the state itself.

use std::collections::BTreeMap;

use serde_json::Value;

use super::super::terraform::Role;
use super::super::{NotKnown, Request, not_known};
use super::Promises;

/// What each role calls of a key of KMS, through the service that encrypts with it, and what it does not.
pub(super) const ENCRYPTS: [(&str, bool); 3] =
    [("kms:Decrypt", true), ("kms:Encrypt", true), ("kms:GenerateDataKey", true)];
pub(super) const DECRYPTS: [(&str, bool); 3] =
    [("kms:Decrypt", true), ("kms:Encrypt", false), ("kms:GenerateDataKey", false)];
impl Promises {
    /// The secrets' key, for nothing but secrets.
    pub(super) fn key(&mut self, who: &str, role: &Role, actions: &[(&str, bool)]) -> Result<(), NotKnown> {
        let Some(key) = self.place.key.clone() else { return Ok(()) };
        let region = self.place.region.clone();
        self.encrypts(who, role, actions, &key, ("secretsmanager", &region))
    }

    /// A key, through that service of that region alone.
    fn encrypts(
        &mut self,
        who: &str,
        role: &Role,
        actions: &[(&str, bool)],
        key: &str,
        (service, region): (&str, &str),
    ) -> Result<(), NotKnown> {
        let (arn, alias) = match key.split_once(":alias/") {
            Some((before, alias)) => (format!("{before}:key/0"), vec![format!("alias/{alias}")]),
            None => (key.to_owned(), Vec::new()),
        };
        let Some(suffix) = suffix(&self.place.partition) else { return not_known("another partition") };
        for (action, wanted) in actions {
            for (through, right) in [(service, true), ("ec2", false)] {
                let context = BTreeMap::from([
                    ("kms:ViaService".to_owned(), vec![format!("{through}.{region}.{suffix}")]),
                    ("kms:ResourceAliases".to_owned(), alias.clone()),
                ]);
                let request =
                    Request { action: (*action).to_owned(), resource: arn.clone(), principal: None, context };
                self.ask(who, role, &request, *wanted && right)?;
            }
            self.want(who, role, action, &arn, false)?;
        }
        Ok(())
    }

    /// Its own state, and not that of the configuration which makes its roles.
    pub(super) fn state(&mut self, role: &Role, pipeline: &Value, bootstrap: &Value) -> Result<(), NotKnown> {
        for (configuration, wanted) in [(pipeline, true), (bootstrap, false)] {
            let s3 = &configuration["terraform"]["backend"]["s3"];
            let (Some(bucket), Some(key)) = (s3["bucket"].as_str(), s3["key"].as_str()) else { continue };
            let bucket = format!("arn:{}:s3:::{bucket}", self.place.partition);
            let (object, lock) = (format!("{bucket}/{key}"), format!("{bucket}/{key}.tflock"));
            for (action, on_object, on_lock) in [
                ("s3:GetObject", wanted, wanted),
                ("s3:PutObject", wanted, wanted),
                ("s3:DeleteObject", false, wanted),
            ] {
                self.want("state", role, action, &object, on_object)?;
                self.want("state", role, action, &lock, on_lock)?;
            }
            let list = Request {
                action: "s3:ListBucket".to_owned(),
                resource: bucket.clone(),
                principal: None,
                context: BTreeMap::from([("s3:prefix".to_owned(), vec![key.to_owned()])]),
            };
            self.ask("state", role, &list, wanted)?;
            self.want("state", role, "s3:ListBucket", &bucket, false)?;
            let (Some(region), Some(key), true) = (s3["region"].as_str(), s3["kms_key_id"].as_str(), wanted)
            else {
                continue;
            };
            self.encrypts("state", role, &ENCRYPTS, key, ("s3", region))?;
        }
        Ok(())
    }
}

/// What the names of services end in, by partition.
fn suffix(partition: &str) -> Option<&'static str> {
    Some(match partition {
        "aws" | "aws-us-gov" => "amazonaws.com",
        "aws-cn" => "amazonaws.com.cn",
        "aws-eusc" => "amazonaws.eu",
        "aws-iso" => "c2s.ic.gov",
        "aws-iso-b" => "sc2s.sgov.gov",
        "aws-iso-e" => "cloud.adc-e.uk",
        "aws-iso-f" => "csp.hci.ic.gov",
        _ => return None,
    })
}
