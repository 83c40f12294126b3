//! Analytics of products, websites and apps.

use crate::Rule::{Json, OneOf, Path, Together};
use crate::Secret;

connections! {
    /// Amplitude.
    Amplitude = "amplitude" {
        api_key: Secret,
        secret_key: Secret,
        region: Option<String>,
    }

    /// Mixpanel.
    Mixpanel = "mixpanel" {
        username "Name of a service account.": Option<String>,
        password "Secret of a service account.": Option<Secret>,
        api_secret: Option<Secret>,
        project_id: Option<String>,
        server "Where the data lies: `us`, `eu` or `in`.": Option<String>,
    } [OneOf(&[&["api_secret"], &["username", "password", "project_id"]])]

    /// PostHog.
    Posthog = "posthog" {
        personal_api_key: Secret,
        project_id: String,
        base_url: Option<String>,
    }

    /// Google Analytics.
    GoogleAnalytics = "googleanalytics" {
        service_account_file: Option<String>,
        service_account_json: Option<Secret>,
        property_id: String,
    } [
        OneOf(&[&["service_account_file"], &["service_account_json"]]),
        Json("service_account_json"),
        Path("service_account_file"),
    ]

    /// Google Search Console.
    Gsc = "gsc" {
        service_account_file: Option<String>,
        service_account_json: Option<Secret>,
        site_url: String,
    } [
        OneOf(&[&["service_account_file"], &["service_account_json"]]),
        Json("service_account_json"),
        Path("service_account_file"),
    ]

    /// Adjust.
    Adjust = "adjust" {
        api_key: Secret,
    }

    /// AppsFlyer.
    Appsflyer = "appsflyer" {
        api_key: Secret,
    }

    /// App Store Connect.
    AppStore = "appstore" {
        key_id: String,
        issuer_id: String,
        key_path "Path of a file with the private key.": Option<String>,
        key "Private key, in PEM.": Option<Secret>,
    } [OneOf(&[&["key_path"], &["key"]])]

    /// Adapty.
    Adapty = "adapty" {
        api_key: Secret,
        lookback_days: Option<i64>,
        timezone: Option<String>,
    }

    /// RevenueCat.
    RevenueCat = "revenuecat" {
        api_key: Secret,
        project_id "Id of the project; customers and products need it.": Option<String>,
    }

    /// CleverTap.
    CleverTap = "clevertap" {
        account_id: String,
        passcode: Secret,
        region "Region in which the account is kept, such as `eu1`.": Option<String>,
        timezone: Option<String>,
    }

    /// Amazon QuickSight.
    Quicksight = "quicksight" {
        aws_access_key_id: Option<Secret>,
        aws_secret_access_key: Option<Secret>,
        aws_session_token: Option<Secret>,
        aws_region: String,
        aws_account_id: String,
    } [Together(&["aws_access_key_id", "aws_secret_access_key"])]

    /// Tableau.
    Tableau = "tableau" {
        host "Host name of the server.": String,
        username: Option<String>,
        password: Option<Secret>,
        personal_access_token_name: Option<String>,
        personal_access_token_secret: Option<Secret>,
        site_id: String,
        api_version: Option<String>,
    } [
        OneOf(&[&["personal_access_token_name", "personal_access_token_secret"], &["username", "password"]]),
    ]

    /// Wistia.
    Wistia = "wistia" {
        access_token: Option<Secret>,
        api_key "Access token, by another name.": Option<Secret>,
        token "Access token, by another name.": Option<Secret>,
        api_version: Option<String>,
        base_url: Option<String>,
    } [OneOf(&[&["access_token"], &["api_key"], &["token"]])]
}
