mod access;
mod door;
mod keys;
mod tokens;
