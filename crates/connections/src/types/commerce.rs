//! Shops, payments and subscriptions.

use crate::Rule::OneOf;
use crate::Secret;

connections! {
    /// Shopify.
    Shopify = "shopify" {
        url "Domain of the shop, such as `acme.myshopify.com`.": String,
        api_key "Access token of the Admin API.": Option<Secret>,
        client_id: Option<String>,
        client_secret: Option<Secret>,
    } [OneOf(&[&["api_key"], &["client_id", "client_secret"]])]

    /// Stripe.
    Stripe = "stripe" {
        api_key: Secret,
    }

    /// Square.
    Square = "square" {
        access_token: Secret,
        environment "`production` or `sandbox`.": Option<String>,
    }

    /// Paddle.
    Paddle = "paddle" {
        api_key: Secret,
    }

    /// Payrails.
    Payrails = "payrails" {
        client_id: String,
        client_secret: Secret,
        cert_path: Option<String>,
        key_path "Path of a file with the private key.": Option<String>,
        cert: Option<Secret>,
        key "Private key, in PEM.": Option<Secret>,
        environment: Option<String>,
        base_url: Option<String>,
    } [
        OneOf(&[&["cert"], &["cert_path"]]),
        OneOf(&[&["key"], &["key_path"]]),
    ]

    /// Primer.
    Primer = "primer" {
        api_key: Secret,
    }

    /// Solidgate.
    Solidgate = "solidgate" {
        public_key: String,
        secret_key: Secret,
    }

    /// Chargebee.
    Chargebee = "chargebee" {
        site "Name of the site, as in `SITE.chargebee.com`.": String,
        api_key: Secret,
    }

    /// Recurly.
    Recurly = "recurly" {
        api_key: Secret,
        region: Option<String>,
    }

    /// FastSpring.
    Fastspring = "fastspring" {
        username: String,
        password: Secret,
    }

    /// QuickBooks.
    Quickbooks = "quickbooks" {
        company_id: String,
        client_id: String,
        client_secret: Secret,
        refresh_token: Secret,
        environment "`production` or `sandbox`.": Option<String>,
        minor_version: Option<String>,
    }

    /// Wise.
    Wise = "wise" {
        api_key: Secret,
    }

    /// Fundraise Up.
    FundraiseUp = "fundraiseup" {
        api_key: Secret,
    }

    /// Fluxx.
    Fluxx = "fluxx" {
        instance "Name of the instance, as in `INSTANCE.fluxx.io`.": String,
        client_id: String,
        client_secret: Secret,
    }
}
