mod access;
mod door;
mod tokens;
