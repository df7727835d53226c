//! Build script.
#[path = "src/wire/shapes.rs"]
#[allow(dead_code)]
mod shapes;
fn main() {
    println!("cargo::rustc-cfg=hub_runtime");
}
