//! What a section of settings is, and how one is declared.
//!
//! A declaration is all there is to a setting: its name, its type, what it may be, its default, and
//! its reason as a comment. Reading, defaults, `config.toml`, `docs/settings.md` and what the API says
//! come from it.

use serde_json::{Value, json};

use super::kind::Kind;
use super::reader::{Key, Reader};
use super::written::Written;

/// Settings that stand together, and those of the sections within.
pub trait Section: Default {
    /// Takes each of them.
    fn take(reader: &mut Reader) -> Self;

    /// These as they would be written, by name; without the sections within.
    fn written(&self) -> Vec<(&'static str, Written)>;

    /// Adds what is declared, section by section.
    fn declared(sections: &mut Vec<Declared>);
}

/// A section as it is declared.
pub struct Declared {
    /// As it stands in the file's header.
    pub name: &'static str,
    /// What it is about, line by line.
    pub about: &'static [&'static str],
    pub settings: Vec<Setting>,
}

/// A setting as it is declared, whatever its type.
pub struct Setting {
    pub key: Key,
    pub name: &'static str,
    /// What it does and why its default is what it is, line by line.
    pub why: &'static [&'static str],
    /// What it may be.
    pub right: String,
    pub default: Written,
    schema: Value,
}

impl Setting {
    pub fn of<K: Kind>(
        key: Key,
        name: &'static str,
        why: &'static [&'static str],
        kind: &K,
        default: &K::Value,
    ) -> Self {
        Self { key, name, why, right: kind.right(), default: kind.write(default), schema: kind.schema() }
    }

    /// Its JSON Schema, with what it may be in words where the schema has none for it.
    pub fn schema(&self) -> Value {
        let mut schema = self.schema.clone();
        schema["description"] = json!(format!("{} May be {}.", prose(self.why), self.right));
        schema["default"] = self.default.json();
        schema
    }
}

/// The lines of a comment as one paragraph.
pub fn prose(lines: &[&str]) -> String {
    lines.iter().map(|line| line.trim()).collect::<Vec<_>>().join(" ")
}

/// Declares a section: a struct of its own, or one of a room that may not name this one.
macro_rules! section {
    (
        $(#[doc = $about:literal])+
        pub struct $Settings:ident in $section:literal { $($settings:tt)* }
    ) => {
        $crate::config::section::fields! { [$($about)+] $Settings { $($settings)* } }
        $crate::config::section::declare! { [$($about)+] $Settings in $section { $($settings)* } }
    };
    (
        $(#[doc = $about:literal])+
        impl $Settings:ident in $section:literal { $($settings:tt)* }
    ) => {
        $crate::config::section::declare! { [$($about)+] $Settings in $section { $($settings)* } }
    };
    (
        $(#[doc = $about:literal])+
        impl $Settings:ident in $section:literal, overridden by $Overrides:ident { $($settings:tt)* }
    ) => {
        $crate::config::section::declare! { [$($about)+] $Settings in $section { $($settings)* } }
        $crate::config::section::overrides! { $Overrides { $($settings)* } }
    };
}

/// The struct, which has the reasons as its documentation.
macro_rules! fields {
    ([$($about:literal)+] $Settings:ident {
        $( $(#[doc = $why:literal])+ $name:ident: $Type:ty as $kind:expr, by default $default:expr; )*
        $( with $part:ident: $Part:ident; )*
    }) => {
        $(#[doc = $about])+
        #[derive(Clone, Debug, PartialEq, Eq)]
        pub struct $Settings {
            $( $(#[doc = $why])+ pub $name: $Type, )*
            $( #[doc = concat!("`[", stringify!($part), "]`")] pub $part: $Part, )*
        }
    };
}

/// The defaults, and how the settings are taken, written and told about.
macro_rules! declare {
    ([$($about:literal)+] $Settings:ident in $section:literal {
        $( $(#[doc = $why:literal])+ $name:ident: $Type:ty as $kind:expr, by default $default:expr; )*
        $( with $part:ident: $Part:ident; )*
    }) => {
        impl Default for $Settings {
            fn default() -> Self {
                Self { $( $name: $default, )* $( $part: Default::default(), )* }
            }
        }

        impl $crate::config::section::Section for $Settings {
            fn take(reader: &mut $crate::config::reader::Reader) -> Self {
                $( let $name: $Type = reader.take(
                    $crate::config::reader::Key(concat!($section, ".", stringify!($name))), &$kind, $default
                ); )*
                $( let $part = $crate::config::section::Section::take(reader); )*
                Self { $( $name, )* $( $part, )* }
            }

            fn written(&self) -> Vec<(&'static str, $crate::config::written::Written)> {
                vec![ $( (stringify!($name), $crate::config::kind::Kind::write(&$kind, &self.$name)), )* ]
            }

            fn declared(sections: &mut Vec<$crate::config::section::Declared>) {
                sections.push($crate::config::section::Declared {
                    name: $section,
                    about: &[$($about),+],
                    settings: vec![ $( $crate::config::section::Setting::of(
                        $crate::config::reader::Key(concat!($section, ".", stringify!($name))),
                        stringify!($name),
                        &[$($why),+],
                        &$kind,
                        &$default,
                    ), )* ],
                });
                $( <$Part as $crate::config::section::Section>::declared(sections); )*
            }
        }
    };
}

/// How an administrator's settings are put over the section.
macro_rules! overrides {
    ($Overrides:ident {
        $( $(#[doc = $why:literal])+ $name:ident: $Type:ty as $kind:expr, by default $default:expr; )*
    }) => {
        /// Stores one setting, or nothing, so that the file counts again; or tells what would be right.
        pub type Store = fn(&mut $Overrides, Option<&$crate::config::written::Written>) -> Result<(), String>;

        /// For each setting, in the order of their declaration.
        pub const STORES: &[Store] = &[ $( |stored, written| {
            let read = |written| $crate::config::kind::Kind::read(&$kind, written);
            stored.$name = written.map(read).transpose()?;
            Ok(())
        }, )* ];
    };
}

pub(super) use {declare, fields, overrides, section};
