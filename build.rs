//! Builds the web pages into the binary, and tells the crate from its build script.
//!
//! `hub_runtime` is set for the crate alone: the build script reads the same wire shapes to write
//! the browser's types, and only there do they derive what that needs.

#[cfg(feature = "pages")]
#[path = "build/pages.rs"]
mod pages;

/// What the build reads. Never `web/` itself (npm writes into it) and never a folder that the
/// build writes: cargo compares modification times with the time the script started.
const READ: [&str; 13] = [
    "build.rs",
    "build",
    "src/wire/shapes.rs",
    "web/package.json",
    "web/package-lock.json",
    "web/tsconfig.json",
    "web/vite.config.ts",
    "web/index.html",
    "web/board",
    "web/client",
    "web/desk",
    "web/look",
    "web/sign-in",
];

fn main() {
    println!("cargo::rustc-check-cfg=cfg(hub_runtime)");
    println!("cargo::rustc-cfg=hub_runtime");
    for path in READ {
        println!("cargo::rerun-if-changed={path}");
    }
    #[cfg(feature = "pages")]
    if let Err(explanation) = pages::build() {
        for line in explanation.lines() {
            println!("cargo::error={line}");
        }
        std::process::exit(1);
    }
}
