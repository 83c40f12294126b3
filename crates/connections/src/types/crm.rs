//! Customers: sales, marketing, support and surveys.

use crate::Rule::OneOf;
use crate::Secret;

connections! {
    /// Salesforce.
    Salesforce = "salesforce" {
        username: Option<String>,
        password: Option<Secret>,
        token "Security token of the user.": Option<Secret>,
        access_token: Option<Secret>,
        client_id: Option<String>,
        client_secret: Option<Secret>,
        domain "Domain of the organization, as in `DOMAIN.my.salesforce.com`.": String,
    } [
        OneOf(&[&["access_token"], &["client_id", "client_secret"], &["username", "password", "token"]]),
    ]

    /// HubSpot.
    Hubspot = "hubspot" {
        api_key: Secret,
    }

    /// Pipedrive.
    Pipedrive = "pipedrive" {
        api_token: Secret,
    }

    /// Attio.
    Attio = "attio" {
        api_key: Secret,
    }

    /// Intercom.
    Intercom = "intercom" {
        access_token: Secret,
        region: Option<String>,
    }

    /// Zendesk.
    Zendesk = "zendesk" {
        api_token: Option<Secret>,
        email: Option<String>,
        oauth_token: Option<Secret>,
        sub_domain "Domain of the account, as in `DOMAIN.zendesk.com`.": String,
    } [OneOf(&[&["email", "api_token"], &["oauth_token"]])]

    /// Freshdesk.
    Freshdesk = "freshdesk" {
        domain "Domain of the account, as in `DOMAIN.freshdesk.com`.": String,
        api_key: Secret,
    }

    /// Gorgias.
    Gorgias = "gorgias" {
        domain "Domain of the account, as in `DOMAIN.gorgias.com`.": String,
        api_key: Secret,
        email: String,
    }

    /// Hostaway.
    Hostaway = "hostaway" {
        api_key: Secret,
    }

    /// Trustpilot.
    Trustpilot = "trustpilot" {
        business_unit_id: String,
        api_key: Secret,
    }

    /// G2.
    G2 = "g2" {
        api_token: Secret,
    }

    /// SurveyMonkey.
    SurveyMonkey = "surveymonkey" {
        access_token: Secret,
        region: Option<String>,
    }

    /// Typeform.
    Typeform = "typeform" {
        token: Secret,
        region: Option<String>,
    }
}
