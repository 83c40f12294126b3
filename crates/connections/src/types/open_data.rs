//! Public data: sports, games, rates, chains, markets of predictions.

use std::collections::BTreeMap;

use crate::Literal::Texts;
use crate::Secret;

connections! {
    /// API-Football.
    ApiFootball = "apifootball" {
        api_key: Secret,
        league "Id of the league, such as `39`.": Option<String>,
        season: Option<String>,
        timezone: Option<String>,
        base_url: Option<String>,
    }

    /// BALLDONTLIE.
    Balldontlie = "balldontlie" {
        api_key: Secret,
        season: Option<String>,
        base_url: Option<String>,
    }

    /// football-data.org.
    FootballData = "footballdata" {
        api_key: Secret,
        competition: Option<String>,
        season: Option<String>,
        base_url: Option<String>,
        matchday: Option<String>,
        status "Status of the matches.": Option<String>,
        stage: Option<String>,
        group "Group of the matches.": Option<String>,
        unfold_goals: Option<bool>,
        unfold_bookings: Option<bool>,
        unfold_subs: Option<bool>,
        unfold_lineups: Option<bool>,
    }

    /// ESPN.
    Espn = "espn" {
        sport: Option<String>,
        league "League, such as `eng.1`.": Option<String>,
        season: Option<String>,
        limit "How many entries are asked for at most.": Option<i64>,
        base_url: Option<String>,
    }

    /// Games of chess.com.
    Chess = "chess" {
        players: Vec<String> = Texts(&["FabianoCaruana", "Hikaru", "MagnusCarlsen", "GothamChess", "DanielNaroditsky", "AnishGiri", "Firouzja2003", "LevonAronian", "WesleySo", "GarryKasparov"]),
    }

    /// Rates of exchange, by Frankfurter.
    Frankfurter = "frankfurter" {
    }

    /// Pulse of the Internet Society.
    IsocPulse = "isoc_pulse" {
        token: Secret,
    }

    /// Open data of a portal of Socrata.
    Socrata = "socrata" {
        domain "Domain of the portal, such as `data.acme.example`.": String,
        app_token: Secret,
        username "Id of an API key, for data that is not public.": Option<String>,
        password "Secret of an API key, for data that is not public.": Option<Secret>,
    }

    /// Allium.
    Allium = "allium" {
        api_key: Secret,
    }

    /// Dune.
    Dune = "dune" {
        api_key: Secret,
    }

    /// Kalshi.
    Kalshi = "kalshi" {
        query_params "Parameters of each query, by name.": Option<BTreeMap<String, String>>,
    }

    /// Manifold.
    Manifold = "manifold" {
        query_params: Option<BTreeMap<String, String>>,
        query_param_lists: Option<BTreeMap<String, Vec<String>>>,
    }

    /// Polymarket.
    Polymarket = "polymarket" {
        order: Option<String>,
        ascending: Option<String>,
        slug: Option<String>,
        closed: Option<String>,
        live: Option<String>,
        active: Option<String>,
        archived: Option<String>,
        featured: Option<String>,
        tag_id: Option<String>,
        tag_slug: Option<String>,
        series_id: Option<String>,
        include_chat: Option<String>,
        include_template: Option<String>,
        include_markets: Option<String>,
        clob_token_ids: Option<String>,
        condition_ids: Option<String>,
        question_ids: Option<String>,
        related_tags: Option<String>,
        include_tag: Option<String>,
        rfq_enabled: Option<String>,
        limit "How many entries are asked for at most.": Option<String>,
        offset: Option<String>,
        parent_entity_id: Option<String>,
        parent_entity_type: Option<String>,
        market: Option<String>,
        user "Address of a user.": Option<String>,
        q: Option<String>,
        events_status: Option<String>,
        markets_status: Option<String>,
        token_id: Option<String>,
        side: Option<String>,
        interval: Option<String>,
        fidelity: Option<String>,
        taker_only: Option<String>,
        filter_type: Option<String>,
        filter_amount: Option<String>,
        event_id: Option<String>,
        r#type "Types of activity.": Option<String>,
    }
}
