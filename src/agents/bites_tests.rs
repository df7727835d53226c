//! Other tasks are served between bites.

use super::*;
use crate::agents::test_world::{agent, agents};

const MANY: usize = 3 * BITE + 7;

/// How often `work` let others be served before it was done, and what it gave.
async fn beside<T>(work: impl Future<Output = T>) -> (usize, T) {
    let mut let_go = 0;
    let mut work = std::pin::pin!(work);
    let done = std::future::poll_fn(|context| {
        let polled = work.as_mut().poll(context);
        let_go += usize::from(polled.is_pending());
        polled
    });
    let done = done.await;
    (let_go, done)
}

#[tokio::test(start_paused = true)]
async fn all_agents_are_looked_at_by_id_and_others_are_served_between_bites() {
    let agents = agents((0..MANY).map(|number| agent(&format!("a{number:05}"))));
    let (let_go, found) = beside(agents.matching(|agent| agent.record.agent.as_str().ends_with('7'))).await;
    assert!(found.iter().map(|known| &known.agent.record.agent).is_sorted());
    assert_eq!((let_go, found.len()), (3, (7..MANY).step_by(10).count()));
    let (let_go, found) = beside(agents.first_matching(|agent| agent.record.agent.as_str() == "a01000")).await;
    assert_eq!((let_go, found.is_some()), (1, true));
    assert!(agents.first_matching(|_| false).await.is_none());
}

#[tokio::test(start_paused = true)]
async fn deadlines_that_pass_together_are_taken_in_bites() {
    let deadlines = crate::agents::deadlines::Deadlines::default();
    let due = crate::domain::time::Timestamp(1);
    for number in 0..=BITE {
        deadlines.set(&AgentId::new(format!("a{number:05}")).unwrap(), Some(due));
    }
    assert_eq!([BITE, 1, 0], [(); 3].map(|()| deadlines.take_due(due).len()));
}
