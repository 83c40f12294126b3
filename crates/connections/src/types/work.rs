//! Work: tasks, code, meetings, people and learning.

use crate::Secret;

connections! {
    /// Asana.
    Asana = "asana" {
        access_token: Secret,
        workspace "Id of the workspace.": String,
    }

    /// ClickUp.
    Clickup = "clickup" {
        api_token: Secret,
    }

    /// Jira.
    Jira = "jira" {
        domain "Domain of the site, such as `acme.atlassian.net`.": String,
        email: String,
        api_token: Secret,
    }

    /// Linear.
    Linear = "linear" {
        api_key: Secret,
    }

    /// monday.com.
    Monday = "monday" {
        api_token: Secret,
    }

    /// Notion.
    Notion = "notion" {
        api_key: Secret,
    }

    /// Trello.
    Trello = "trello" {
        api_key: Secret,
        token "Token of a user.": Secret,
    }

    /// JobTread.
    JobTread = "jobtread" {
        grant_key: Secret,
        organization_id "Id of the organization.": String,
    }

    /// GitHub.
    Github = "github" {
        access_token "Access token; without one, public repositories alone.": Option<Secret>,
        owner: String,
        repo: String,
    }

    /// GitLab.
    Gitlab = "gitlab" {
        access_token: Secret,
        base_url: Option<String>,
    }

    /// Cursor.
    Cursor = "cursor" {
        api_key: Secret,
    }

    /// Anthropic.
    Anthropic = "anthropic" {
        api_key: Secret,
    }

    /// Fireflies.ai.
    Fireflies = "fireflies" {
        api_key: Secret,
    }

    /// Granola.
    Granola = "granola" {
        api_key: Secret,
    }

    /// Zoom.
    Zoom = "zoom" {
        client_id: String,
        client_secret: Secret,
        account_id: String,
    }

    /// Okta.
    Okta = "okta" {
        domain "Domain of the organization, such as `acme.okta.com`.": String,
        api_key: Secret,
    }

    /// Personio.
    Personio = "personio" {
        client_id: String,
        client_secret: Secret,
    }

    /// Indeed.
    Indeed = "indeed" {
        client_id: String,
        client_secret: Secret,
        employer_id: String,
    }

    /// Docebo.
    Docebo = "docebo" {
        base_url: String,
        client_id: String,
        client_secret: Secret,
        username: Option<String>,
        password: Option<Secret>,
    }
}
