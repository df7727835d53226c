#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| presence_hub::edge::fuzzed::head(bytes));
