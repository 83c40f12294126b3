//! Addresses that a `generic` connection may hold.

use keyloom_connections::Secret;
use keyloom_runtime::http::Url;

use super::place::Place;
use super::{Refusal, http, mysql, postgres, redis};

/// Asks at an address.
///
/// # Errors
/// Why not.
pub(super) async fn ask(text: &str) -> Result<String, Refusal> {
    let Ok(url) = Url::parse(text.trim()) else {
        return Err("the value is no address; leave --url out".to_owned());
    };
    match url.scheme() {
        "postgres" | "postgresql" => postgres::ask(&place(&url)).await,
        "mysql" | "mariadb" => mysql::ask(&place(&url), mysql::Trust::AsSaid).await,
        "redis" => redis::ask(text.trim()).await.map_err(|why| of_redis(&url, &why)),
        "rediss" => {
            let bare = url.as_str().replacen("rediss:", "redis:", 1);
            redis::ask_over_tls(&bare).await.map_err(|why| of_redis(&url, &why))
        }
        "http" | "https" => http::get(url).await,
        _ => Err("nothing here speaks to such an address; postgres://, mysql://, redis://, rediss://, http:// and https:// can be asked".to_owned()),
    }
}

/// The words of its client name no host.
fn of_redis(url: &Url, why: &str) -> Refusal {
    match url.host_str() {
        Some(host) => format!("{host}:{}: {why}", url.port().unwrap_or(6379)),
        None => why.to_owned(),
    }
}

fn place(url: &Url) -> Place {
    let plain = |text: &str| percent_encoding::percent_decode_str(text).decode_utf8_lossy().into_owned();
    let said = |text: &str| Some(plain(text)).filter(|text| !text.is_empty());
    let of_query =
        |name: &str| url.query_pairs().find(|(key, _)| key == name).map(|(_, value)| value.into_owned());
    Place {
        // Brackets are for addresses that have colons, and belong to the URL.
        host: plain(url.host_str().unwrap_or("localhost")).trim_matches(['[', ']']).to_owned(),
        port: url.port(),
        user: said(url.username()),
        password: url.password().and_then(said).map(Secret::new),
        database: said(url.path().trim_start_matches('/')),
        ssl_mode: of_query("sslmode"),
        ..Place::default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_taken_apart() {
        let url = Url::parse("postgres://us%40er:can%2Fary@[::1]:5433/shop?sslmode=require").unwrap();
        let place = place(&url);
        assert_eq!((place.host.as_str(), place.port), ("::1", Some(5433)));
        assert_eq!((place.user.as_deref(), place.database.as_deref()), (Some("us@er"), Some("shop")));
        assert_eq!(place.password.unwrap().expose(), "can/ary");
        assert_eq!(place.ssl_mode.as_deref(), Some("require"));
    }

    #[tokio::test]
    async fn a_host_that_there_is_not_is_named() {
        for (text, place) in [
            ("redis://:canary@cache.invalid", "cache.invalid:6379: "),
            ("rediss://:canary@cache.invalid:1", "cache.invalid:1: "),
            ("mysql://u:canary@db.invalid/d", "db.invalid:3306: "),
        ] {
            let said = ask(text).await.unwrap_err();
            assert!(said.starts_with(place) && !said.contains("canary"), "{said}");
        }
    }

    #[tokio::test]
    async fn other_addresses_are_refused_without_being_repeated() {
        for text in ["canary", "ftp://canary@h", "rediss://canary@0.0.0.0", "rediss://h/canary"] {
            let said = ask(text).await.unwrap_err();
            assert!(!said.contains("canary"), "{said}");
        }
    }
}
