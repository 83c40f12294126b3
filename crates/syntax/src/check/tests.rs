mod messages;
mod unknown;
mod verdicts;
