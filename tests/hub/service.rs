//! The hub as a service of systemd, which is told when it serves and when it stops.

use std::path::Path;

use tokio::net::UnixDatagram;

use crate::harness::{Hub, within};

#[tokio::test]
async fn systemd_is_told_when_the_hub_serves_and_when_it_stops() {
    let folder = tempfile::TempDir::new().unwrap();
    let path = folder.path().join("notify");
    let systemd = UnixDatagram::bind(&path).unwrap();
    let mut hub = Hub::start_with(&[("env:NOTIFY_SOCKET", path.to_str().unwrap())]).await;
    assert_eq!(next(&systemd).await, "READY=1");
    hub.terminate();
    assert_eq!(next(&systemd).await, "STOPPING=1");
    assert!(hub.ended().await.success());
}

#[test]
fn settings_that_cannot_be_used_end_with_the_code_by_which_the_unit_does_not_try_again() {
    let unit = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/systemd/presence-hub.service");
    let unit = std::fs::read_to_string(unit).unwrap();
    let (status, said) = Hub::refuses_settings(&[("AUTH__MODE", "jtw")]);
    assert!(said.contains("auth.mode"), "{said}");
    let line = format!("RestartPreventExitStatus={}", status.code().unwrap());
    assert!(unit.lines().any(|of_it| of_it == line), "{line}");
}

async fn next(systemd: &UnixDatagram) -> String {
    let mut bytes = [0; 64];
    let length = within(systemd.recv(&mut bytes)).await.unwrap();
    String::from_utf8_lossy(&bytes[..length]).trim_end().to_owned()
}
