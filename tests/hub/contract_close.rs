//! How a socket ends when its client breaks the WebSocket protocol, and when it closes.

use crate::harness::{Hub, Wire, closing, masked};

const FINAL: u8 = 0x80;
const CONTINUATION: u8 = 0x0;
const TEXT: u8 = 0x1;
const PING: u8 = 0x9;

async fn code_after(hub: &Hub, sent: &[u8]) -> Option<Option<u16>> {
    let mut wire = Wire::open(hub).await;
    wire.send(sent).await;
    wire.closed().await.map(|(code, _)| code)
}

#[tokio::test]
async fn whoever_breaks_the_protocol_is_told_so_before_the_end() {
    let hub = Hub::start().await;
    let unmasked = b"\x81\x02{}".to_vec();
    for (what, sent) in [
        ("an unmasked frame", unmasked),
        ("a reserved bit", masked(FINAL | 0x40 | TEXT, b"{}")),
        ("a data opcode that there is not", masked(FINAL | 0x3, b"{}")),
        ("a control opcode that there is not", masked(FINAL | 0xb, b"")),
        ("a continuation of nothing", masked(FINAL | CONTINUATION, b"{}")),
        ("a text within a text", [masked(TEXT, b"{"), masked(FINAL | TEXT, b"}")].concat()),
        ("a ping in pieces", masked(PING, b"")),
        ("a long ping", masked(FINAL | PING, &[b'x'; 126])),
    ] {
        assert_eq!(code_after(&hub, &sent).await, Some(Some(1002)), "{what}");
        // What else was on its way does not eat the answer.
        let more = [sent, vec![0; 100_000]].concat();
        assert_eq!(code_after(&hub, &more).await, Some(Some(1002)), "{what}, and more");
    }
}

#[tokio::test]
async fn a_text_that_is_not_utf8_is_told_apart() {
    let hub = Hub::start().await;
    for sent in [
        masked(FINAL | TEXT, b"{\"a\":\"\xff\"}"),
        [masked(TEXT, b"\xc3"), masked(FINAL | CONTINUATION, b"(")].concat(),
        closing(1000, b"\xff"),
    ] {
        assert_eq!(code_after(&hub, &sent).await, Some(Some(1007)), "{sent:?}");
    }
    let character_in_two_pieces = [masked(TEXT, b"{\"a\":\"\xc3"), masked(FINAL | CONTINUATION, b"\xa4\"}")].concat();
    let then_bye = [character_in_two_pieces, closing(1000, b"")].concat();
    assert_eq!(code_after(&hub, &then_bye).await, Some(Some(1000)));
}

#[tokio::test]
async fn a_close_is_repeated_if_its_code_may_be_sent() {
    let hub = Hub::start().await;
    let allowed = (1000..=1003).chain(1007..=1013).chain([3000, 3999, 4000, 4420, 4999]);
    for code in allowed {
        let mut wire = Wire::open(&hub).await;
        wire.send(&closing(code, "bye, Jürgen".as_bytes())).await;
        assert_eq!(wire.closed().await, Some((Some(code), "bye, Jürgen".to_owned())), "{code}");
    }
    for code in [0, 1, 999, 1004, 1005, 1006, 1015, 1016, 1999, 2000, 2999, 5000, 65_535] {
        assert_eq!(code_after(&hub, &closing(code, b"")).await, Some(Some(1002)), "{code}");
    }
    assert_eq!(code_after(&hub, &masked(FINAL | 0x8, b"")).await, Some(None), "no code is answered with none");
    assert_eq!(code_after(&hub, &masked(FINAL | 0x8, b"\x03")).await, Some(Some(1002)), "half a code");
}
