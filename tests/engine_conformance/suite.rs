//! The claims that hold for every engine.

/// The suite over one engine; `$open` opens it in a folder.
macro_rules! of {
    ($engine:ident, $open:expr) => {
        mod $engine {
            use crate::agents::*;
            use presence_hub::engine::*;

            #[tokio::test(start_paused = true)]
            async fn what_was_kept_survives_a_restart() {
                let folder = tempfile::tempdir().unwrap();
                let mut hub = $open(folder.path());
                assert_eq!((hub.loaded.boot, hub.loaded.seq, hub.loaded.alive), (1, 0, None));
                let epoch = hub.loaded.epoch.clone();
                let first = hub.keep(step("anna", 0, 1)).await;
                let newest = hub.keep(step("anna", first, 2)).await;
                hub.stop();

                let hub = $open(folder.path());
                assert_eq!((hub.loaded.boot, hub.loaded.seq), (2, newest));
                assert_eq!(hub.loaded.alive, Some(NOW));
                assert_eq!(hub.loaded.epoch, epoch);
                let [anna] = hub.loaded.agents.as_slice() else { panic!("{:?}", hub.loaded.agents) };
                assert_eq!((anna.seq, &anna.agent), (newest, &agent("anna", 2)));
                hub.stop();
            }
        }
    };
}

pub(crate) use of;
