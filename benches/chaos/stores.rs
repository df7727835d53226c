//! What servers have on their disks: a copy is made while they stand still, and put back in the place of what came after.

use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::Context;

use crate::cluster::Cluster;
use crate::network::MACHINES;
use crate::process::Order;

/// A process that was told to stand still does so after this.
const STANDS_STILL_AFTER: Duration = Duration::from_millis(20);

/// Copies all stores, as they are at one moment: nobody notices but by a short pause.
pub async fn copy(cluster: &Cluster) -> anyhow::Result<()> {
    let tell_all = |order| futures::future::try_join_all(cluster.servers.iter().map(move |server| server.tell(order)));
    tell_all(Order::Stop).await?;
    tokio::time::sleep(STANDS_STILL_AFTER).await;
    let copied = (0..MACHINES).try_for_each(|server| {
        let store = cluster.store(server);
        copy_folder(&store, &older(&store)).with_context(|| format!("{} cannot be copied", store.display()))
    });
    tell_all(Order::Continue).await?;
    copied
}

/// Puts the copy of a server, which does not run, in the place of its store.
pub fn put_back(cluster: &Cluster, server: usize) -> anyhow::Result<()> {
    let store = cluster.store(server);
    std::fs::rename(&store, store.with_extension("newer"))?;
    std::fs::rename(older(&store), &store).context("no copy was made before")
}

fn older(store: &Path) -> PathBuf {
    store.with_extension("older")
}

fn copy_folder(from: &Path, to: &Path) -> std::io::Result<()> {
    std::fs::create_dir_all(to)?;
    for entry in std::fs::read_dir(from)? {
        let entry = entry?;
        let copy = to.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            copy_folder(&entry.path(), &copy)?;
        } else {
            std::fs::copy(entry.path(), copy)?;
        }
    }
    Ok(())
}
