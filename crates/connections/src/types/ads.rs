//! Advertising.

use crate::Rule::{Json, OneOf, Path};
use crate::Secret;

connections! {
    /// Apple Ads.
    AppleAds = "appleads" {
        client_id: String,
        team_id: String,
        key_id: String,
        org_id: String,
        key_path "Path of a file with the private key.": Option<String>,
        key_base64: Option<Secret>,
    } [OneOf(&[&["key_path"], &["key_base64"]])]

    /// AppLovin.
    AppLovin = "applovin" {
        api_key: Secret,
    }

    /// AppLovin MAX.
    AppLovinMax = "applovinmax" {
        api_key: Secret,
    }

    /// Facebook Ads.
    FacebookAds = "facebookads" {
        access_token: Secret,
        account_id: Option<String>,
    }

    /// Google Ads.
    GoogleAds = "googleads" {
        customer_id: String,
        service_account_json: Option<Secret>,
        service_account_file: Option<String>,
        dev_token: Secret,
        login_customer_id: Option<String>,
    } [
        OneOf(&[&["service_account_file"], &["service_account_json"]]),
        Json("service_account_json"),
        Path("service_account_file"),
    ]

    /// LinkedIn Ads.
    LinkedinAds = "linkedinads" {
        access_token: Secret,
        account_ids: Option<String>,
    }

    /// Pinterest.
    Pinterest = "pinterest" {
        access_token: Secret,
    }

    /// Reddit Ads.
    RedditAds = "reddit_ads" {
        access_token: Option<Secret>,
        client_id: Option<String>,
        client_secret: Option<Secret>,
        refresh_token: Option<Secret>,
    } [OneOf(&[&["access_token"], &["client_id", "client_secret", "refresh_token"]])]

    /// Snapchat Ads.
    SnapchatAds = "snapchatads" {
        refresh_token: Secret,
        client_id: String,
        client_secret: Secret,
        organization_id: Option<String>,
    }

    /// TikTok Ads.
    TiktokAds = "tiktokads" {
        access_token: Secret,
        advertiser_ids: String,
        timezone: Option<String>,
    }
}
