//! Writes of administrators to single fields: what was acknowledged is never lost to another write that
//! did not come after it.

use std::collections::BTreeMap;

use presence_hub::domain::record::AgentRecord;
use serde_json::{Value, json};

use super::book::Broken;

/// A field of a record.
pub type FieldName = (String, &'static str);

/// A field of an agent's record, of those whose writes are followed.
pub fn field_of(record: &AgentRecord, field: &str) -> Value {
    match field {
        "name" => json!(record.name),
        "units" => json!(record.units),
        "skills" => json!(record.skills),
        other => unreachable!("the writes of {other} are not followed"),
    }
}

/// One write of one field.
#[derive(Clone, Debug)]
struct Write {
    value: Value,
    sent: u64,
    ended: Ended,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Ended {
    /// No answer came, or one that says that nobody knows.
    Unknown,
    Acknowledged(u64),
    Refused,
}

/// Names a request whose writes are known.
pub type Ticket = u64;

/// All writes, in the order in which they were sent.
#[derive(Default)]
pub struct Writes {
    now: u64,
    by_field: BTreeMap<FieldName, Vec<Write>>,
}

impl Writes {
    /// These fields are written now.
    pub fn sent(&mut self, fields: Vec<(FieldName, Value)>) -> Ticket {
        self.now += 1;
        for (field, value) in fields {
            let write = Write { value, sent: self.now, ended: Ended::Unknown };
            self.by_field.entry(field).or_default().push(write);
        }
        self.now
    }

    /// These fields of one record are written now.
    pub fn sent_of(&mut self, record: &str, fields: Vec<(&'static str, Value)>) -> Ticket {
        self.sent(fields.into_iter().map(|(field, value)| ((record.to_owned(), field), value)).collect())
    }

    /// The request was answered with this status.
    pub fn answered(&mut self, ticket: Ticket, status: u16) {
        self.now += 1;
        let ended = match status {
            200..300 => Ended::Acknowledged(self.now),
            400..500 => Ended::Refused,
            _ => Ended::Unknown,
        };
        for write in self.by_field.values_mut().flatten().filter(|write| write.sent == ticket) {
            write.ended = ended;
        }
    }

    /// Checks every field against what it is now. Null is the field of a record that does not exist;
    /// one that does not exist may have come back with what `provisioned` gives the field.
    pub fn check(
        &self,
        is: impl Fn(&FieldName) -> Value,
        provisioned: impl Fn(&FieldName) -> Vec<Value>,
    ) -> Result<(), Broken> {
        for (field, writes) in &self.by_field {
            let is = is(field);
            let overtaken = |write: &Write| match write.ended {
                Ended::Acknowledged(at) => {
                    writes.iter().any(|later| later.sent > at && matches!(later.ended, Ended::Acknowledged(_)))
                }
                Ended::Unknown => false,
                Ended::Refused => true,
            };
            let mut may_be: Vec<Value> =
                writes.iter().filter(|write| !overtaken(write)).map(|write| write.value.clone()).collect();
            if !writes.iter().any(|write| matches!(write.ended, Ended::Acknowledged(_))) {
                may_be.push(Value::Null);
            }
            if may_be.contains(&Value::Null) {
                may_be.extend(provisioned(field));
            }
            if !may_be.contains(&is) {
                return Err(format!(
                    "{} of {} is {is}, and of what was acknowledged it can only be one of {may_be:?}",
                    field.1, field.0
                ));
            }
        }
        Ok(())
    }
}
