mod access;
mod door;
mod keys;
mod provider;
mod tokens;
