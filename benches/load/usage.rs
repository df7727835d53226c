//! What a process uses, as the kernel counts it.

use std::fs;

use anyhow::{Context, bail};

/// What CPU time is counted in where it is not nanoseconds: `USER_HZ`, the same for every program.
const NANOS_PER_TICK: u64 = 10_000_000;
/// What the kernel counts the memory of sockets in.
const PAGE_BYTES: u64 = 4096;

/// The CPU time of a process, in nanoseconds: of the threads it has now, or where the kernel does
/// not count that finely, of all it had.
///
/// # Errors
/// There is no such process.
pub fn cpu_nanos(pid: u32) -> anyhow::Result<u64> {
    let folder = format!("/proc/{pid}/task");
    let mut threads = Vec::new();
    for thread in fs::read_dir(&folder).context(folder)? {
        // What cannot be read is a thread that has just ended, or a kernel that does not say.
        if let Ok(text) = fs::read_to_string(thread?.path().join("schedstat")) {
            threads.push(text.split(' ').next().unwrap_or_default().parse::<u64>()?);
        }
    }
    if threads.is_empty() { Ok(cpu_ticks(pid)? * NANOS_PER_TICK) } else { Ok(threads.iter().sum()) }
}

/// The memory of a process that is in RAM now, in bytes.
///
/// # Errors
/// There is no such process.
pub fn resident_bytes(pid: u32) -> anyhow::Result<u64> {
    status_bytes(pid, "VmRSS:")
}

/// What of that is the process's own, and no page of a file such as its program, in bytes.
///
/// # Errors
/// There is no such process.
pub fn own_bytes(pid: u32) -> anyhow::Result<u64> {
    status_bytes(pid, "RssAnon:")
}

/// The most memory of a process that was in RAM since it began, or since [`reset_peak`], in bytes.
///
/// # Errors
/// There is no such process.
pub fn peak_bytes(pid: u32) -> anyhow::Result<u64> {
    status_bytes(pid, "VmHWM:")
}

/// From now on, [`peak_bytes`] counts anew.
///
/// # Errors
/// There is no such process, or it is another user's.
pub fn reset_peak(pid: u32) -> anyhow::Result<()> {
    let file = format!("/proc/{pid}/clear_refs");
    // The 5 of `man 5 proc_pid_clear_refs`: the peak becomes what is in RAM now.
    fs::write(&file, "5").context(file)
}

/// What the kernel holds in the buffers of all TCP sockets of this machine, in bytes.
///
/// # Errors
/// The kernel does not say.
pub fn tcp_bytes() -> anyhow::Result<u64> {
    let file = "/proc/net/sockstat";
    let text = fs::read_to_string(file).context(file)?;
    let tcp = text.lines().find(|line| line.starts_with("TCP:")).with_context(|| format!("{file} has no TCP"))?;
    Ok(word_after(tcp, "mem").with_context(|| format!("{file} has no mem"))?.parse::<u64>()? * PAGE_BYTES)
}

/// What was sent over the loopback interface since the machine began, in bytes: of all connections, both ways, headers
/// and acknowledgements included.
///
/// # Errors
/// The kernel does not say.
pub fn loopback_bytes() -> anyhow::Result<u64> {
    let file = "/sys/class/net/lo/statistics/tx_bytes";
    Ok(fs::read_to_string(file).context(file)?.trim().parse()?)
}

fn cpu_ticks(pid: u32) -> anyhow::Result<u64> {
    let file = format!("/proc/{pid}/stat");
    let text = fs::read_to_string(&file).with_context(|| file.clone())?;
    // The second field is the program's name in parentheses, in which anything may stand.
    let (_, fields) = text.rsplit_once(')').with_context(|| format!("{file} has no name"))?;
    let mut fields = fields.split_whitespace().skip(11).map(str::parse::<u64>);
    let (Some(user), Some(system)) = (fields.next(), fields.next()) else { bail!("{file} has no times") };
    Ok(user? + system?)
}

fn status_bytes(pid: u32, name: &str) -> anyhow::Result<u64> {
    let file = format!("/proc/{pid}/status");
    let text = fs::read_to_string(&file).with_context(|| file.clone())?;
    let kibibytes = word_after(&text, name).with_context(|| format!("{file} has no {name}"))?;
    Ok(kibibytes.parse::<u64>()? * 1024)
}

fn word_after<'a>(text: &'a str, name: &str) -> Option<&'a str> {
    text.split_whitespace().skip_while(|word| *word != name).nth(1)
}

/// How many files, and so how many sockets, this process may have open.
pub fn most_files() -> usize {
    let limit = rustix::process::getrlimit(rustix::process::Resource::Nofile).current;
    limit.and_then(|limit| usize::try_from(limit).ok()).unwrap_or(usize::MAX)
}
