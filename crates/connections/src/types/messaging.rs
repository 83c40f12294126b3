//! Campaigns, mail and messages.

use crate::Rule::OneOf;
use crate::Secret;

connections! {
    /// Braze.
    Braze = "braze" {
        api_key: Secret,
        endpoint "Address of the REST API of the account's instance.": String,
    }

    /// Customer.io.
    CustomerIo = "customerio" {
        api_key: Secret,
        region: Option<String>,
    }

    /// Klaviyo.
    Klaviyo = "klaviyo" {
        api_key: Secret,
    }

    /// Mailchimp.
    Mailchimp = "mailchimp" {
        api_key: Secret,
        server "Prefix of the account's server, such as `us10`.": String,
    }

    /// SendGrid.
    Sendgrid = "sendgrid" {
        api_key: Secret,
        on_behalf_of: Option<String>,
    }

    /// Twilio.
    Twilio = "twilio" {
        account_sid: String,
        auth_token: Option<Secret>,
        api_key: Option<Secret>,
        api_secret: Option<Secret>,
    } [OneOf(&[&["auth_token"], &["api_key", "api_secret"]])]

    /// Slack.
    Slack = "slack" {
        api_key "Token of an app.": Secret,
    }

    /// PlusVibe.
    PlusVibeAi = "plusvibeai" {
        api_key: Secret,
        workspace_id: String,
    }

    /// PhantomBuster.
    Phantombuster = "phantombuster" {
        api_key: Secret,
    }
}
