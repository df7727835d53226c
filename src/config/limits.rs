//! `[limits]`

use super::kind::number::Whole;
use super::section::section;

section! {
    /// How much one address, one caller and all together may take, besides what `[server]` and `[sessions]` say.
    /// docs/security.md has every limit of the hub, and what is told to whoever meets it.
    pub struct LimitSettings in "limits" {
        /// More sockets from one address are told to come back later (close code 1013). An office of 10,000
        /// agents is one address, and each may have a second tab. Of IPv6 the first 64 bits count as one address.
        /// Behind a proxy that is not among `[server] trusted_proxies` all clients have the address of the proxy.
        sockets_per_address: u32 as Whole("sockets", 1..=10_000_000), by default 20_000;

        /// Connections from one address that may speak HTTP at once. Whoever comes beyond takes the place of one
        /// of that address that is idle, else is answered 429. Half of `[server] max_http_connections`, so that
        /// no address has all the places. Connections of trusted proxies are not counted.
        http_connections_per_address: u32 as Whole("connections", 1..=1_000_000), by default 8_192;

        /// How many connections one address may open a second, and twenty times as many at once; beyond that they
        /// are answered 429. 10,000 pages that are opened within a minute open 60,000. Connections of trusted
        /// proxies are not counted.
        new_connections_per_address: u32 as Whole("connections a second", 1..=1_000_000), by default 1_000;

        /// How many tokens from one address that were not believed are looked into a second, and five times as
        /// many at once; beyond that whoever shows a token from there that was not believed before is told to come
        /// back (429, close code 1013). A signature takes a tenth of a millisecond at most. Tokens that are
        /// believed are not counted, and those that were believed in the last hours are always let through.
        bad_tokens_per_address: u32 as Whole("tokens a second", 1..=1_000_000), by default 200;

        /// Frames of one socket a second, and five times as many at once, pings and pongs included and events not.
        /// Beyond that they are refused (`rate_limited`), then the socket is closed (close code 4429). A person
        /// does not click faster.
        frames_per_socket: u32 as Whole("frames a second", 1..=100_000), by default 20;

        /// Requests over HTTP of an agent, a supervisor, an observer or an analyst a second, and four times as many
        /// at once; beyond that 429. What is large counts as several.
        requests_per_person: u32 as Whole("requests a second", 25..=1_000_000), by default 100;

        /// The same of work systems and administrators, who route and provision by machine, and twice as many at
        /// once: before each assignment a router asks who is eligible. Events and imports are not counted here:
        /// they wait in a line.
        requests_per_machine: u32 as Whole("requests a second", 500..=1_000_000), by default 1_000;

        /// How many agents that nobody provisioned may sign in for the first time in a minute
        /// (`[presence] auto_provision_agents`); whoever comes beyond is told to come back later (close code 1013).
        /// All of a house come on its first morning; a provider that issues tokens for made-up people is stopped.
        new_agents_per_minute: u32 as Whole("agents", 1..=1_000_000), by default 10_000;

        /// More agents than this are not made, neither by sign-in nor by an administrator (`limit_reached`). Each
        /// takes some 2 kB of memory.
        agents: u32 as Whole("agents", 1..=10_000_000), by default 200_000;

        /// More presences than this are not made (`limit_reached`). An agent may list 500, and pages show all.
        presences: u32 as Whole("presences", 6..=10_000), by default 500;

        /// More capacity profiles than this are not made (`limit_reached`).
        capacity_profiles: u32 as Whole("capacity profiles", 1..=100_000), by default 1_000;

        /// More workstreams than this are not made (`limit_reached`).
        workstreams: u32 as Whole("workstreams", 1..=100_000), by default 5_000;

        /// Watches of one socket; more are refused (`rate_limited`).
        watches_per_socket: u32 as Whole("watches", 1..=1_000), by default 16;

        /// Names in the filters of all watches of one socket: teams, queues, skills, agents and presences; more
        /// are refused (`rate_limited`). The hub keeps them for as long as the watches live.
        watched_names_per_socket: u32 as Whole("names", 1_000..=1_000_000), by default 4_000;
    }
}
