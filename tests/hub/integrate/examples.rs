//! The examples: what runs them, and the page that quotes them.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::LazyLock;

use tokio::io::{AsyncBufReadExt, AsyncReadExt, BufReader, Lines};
use tokio::process::{Child, ChildStdout};

use crate::golden_file::hold;
use crate::harness::within;

const EXAMPLES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/examples");
const PAGE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/integrate.md");
const WEB: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/web");
const PLACE: &str = concat!(env!("CARGO_TARGET_TMPDIR"), "/examples");

/// The languages of the examples.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Language {
    Shell,
    Python,
    /// Its compiler is among the packages of the web pages.
    #[cfg(feature = "pages")]
    TypeScript,
}

impl Language {
    /// All of them, with what they need.
    pub fn ready() -> Vec<Self> {
        for tool in ["curl", "jq"] {
            run(Command::new(tool).arg("--version"), "the examples in shell need curl and jq (Debian: curl jq)");
        }
        LazyLock::force(&PYTHON);
        #[cfg(feature = "pages")]
        LazyLock::force(&node::COMPILED);
        vec![
            Self::Shell,
            Self::Python,
            #[cfg(feature = "pages")]
            Self::TypeScript,
        ]
    }

    fn command(self, example: &str) -> Command {
        let file = |ending: &str| Path::new(EXAMPLES).join(format!("{example}.{ending}"));
        let mut command;
        match self {
            Self::Shell => {
                command = Command::new("sh");
                command.arg(file("sh"));
            }
            Self::Python => {
                command = Command::new(&*PYTHON);
                // Nothing is written beside the examples.
                command.arg("-B").arg(file("py"));
            }
            #[cfg(feature = "pages")]
            Self::TypeScript => {
                command = Command::new("node");
                command.args(node::COMPILED.flags).arg(node::COMPILED.folder.join(format!("{example}.js")));
            }
        }
        command
    }
}

/// An example that runs. Dropping it kills it.
pub struct Running {
    child: Child,
    lines: Lines<BufReader<ChildStdout>>,
}

impl Running {
    pub fn start(language: Language, example: &str, arguments: &[&str], hub: &str, token: &str) -> Self {
        let hub = format!("http://{hub}");
        Self::start_with(language, example, arguments, &[("HUB", &hub), ("TOKEN", token)])
    }

    /// The same with this environment.
    pub fn start_with(language: Language, example: &str, arguments: &[&str], environment: &[(&str, &str)]) -> Self {
        let mut command = tokio::process::Command::from(language.command(example));
        command.args(arguments).envs(environment.iter().copied());
        command.stdout(Stdio::piped()).stderr(Stdio::piped()).kill_on_drop(true);
        let mut child = command.spawn().unwrap();
        let lines = BufReader::new(child.stdout.take().unwrap()).lines();
        Self { child, lines }
    }

    /// Waits until it says a line that begins so.
    pub async fn says(&mut self, beginning: &str) -> String {
        loop {
            match within(self.lines.next_line()).await.unwrap() {
                Some(line) if line.starts_with(beginning) => return line,
                Some(_) => {}
                None => panic!("it ended without saying `{beginning}`: {}", self.complaints().await),
            }
        }
    }

    /// Waits for its end: whether it ended well, what else it said, and its complaints.
    pub async fn ends(mut self) -> (bool, String, String) {
        let mut said = String::new();
        while let Some(line) = within(self.lines.next_line()).await.unwrap() {
            said += &line;
            said.push('\n');
        }
        let complaints = self.complaints().await;
        (within(self.child.wait()).await.unwrap().success(), said, complaints)
    }

    async fn complaints(&mut self) -> String {
        let mut complaints = String::new();
        within(self.child.stderr.take().unwrap().read_to_string(&mut complaints)).await.unwrap();
        complaints
    }
}

/// A Python with the packages that the examples need.
static PYTHON: LazyLock<PathBuf> = LazyLock::new(|| {
    let folder = Path::new(PLACE).join("python");
    let needed = Path::new(EXAMPLES).join("requirements.txt");
    let python = folder.join("bin/python");
    let installed = folder.join("installed");
    if fs::read(&installed).ok() != Some(fs::read(&needed).unwrap()) {
        fs::create_dir_all(PLACE).unwrap();
        let missing = "the examples in Python need Python 3.10 or newer with venv (Debian: python3 python3-venv)";
        run(Command::new("python3").args(["-m", "venv", "--clear"]).arg(&folder), missing);
        let pip = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "-r"];
        run(Command::new(&python).args(pip).arg(&needed), "the packages of docs/examples/requirements.txt");
        fs::copy(needed, installed).unwrap();
    }
    python
});

#[cfg(feature = "pages")]
mod node {
    use super::*;

    pub struct Compiled {
        pub folder: PathBuf,
        pub flags: &'static [&'static str],
    }

    /// The examples in TypeScript, compiled once: Node.js 20 runs no other.
    pub static COMPILED: LazyLock<Compiled> = LazyLock::new(|| {
        let folder = Path::new(PLACE).join("typescript");
        let missing = "the examples in TypeScript need Node.js 20.19 or newer (Debian: nodejs npm)";
        let websocket = run(Command::new("node").args(["-p", "typeof WebSocket"]), missing);
        let mut compiler = Command::new(Path::new(WEB).join("node_modules/.bin/tsc"));
        compiler.args(["--project", EXAMPLES, "--outDir"]).arg(&folder);
        run(&mut compiler, "docs/examples does not compile (the compiler comes with `cargo build`)");
        fs::copy(Path::new(EXAMPLES).join("package.json"), folder.join("package.json")).unwrap();
        let flags: &[&str] = if websocket.trim() == "undefined" { &["--experimental-websocket"] } else { &[] };
        Compiled { folder, flags }
    });
}

/// What the command says. One that fails ends the test, with these words.
fn run(command: &mut Command, words: &str) -> String {
    let output = command.output().unwrap_or_else(|error| panic!("{words}: {command:?}: {error}"));
    let said = [output.stdout, output.stderr].map(|bytes| String::from_utf8_lossy(&bytes).into_owned());
    assert!(output.status.success(), "{words}: {command:?}\n{}", said.join("\n"));
    said[0].clone()
}

/// The page quotes every example as it is. With `ACCEPT` set, it is made to.
pub fn quoted() {
    let page = fs::read_to_string(PAGE).unwrap();
    let mut made = String::new();
    let mut lines = page.lines();
    let mut quoted = Vec::new();
    while let Some(line) = lines.next() {
        made += line;
        made.push('\n');
        let name = line.strip_prefix("<!-- example: ").and_then(|rest| rest.strip_suffix(" -->"));
        let Some(name) = name else { continue };
        let language = match name.rsplit('.').next().unwrap() {
            "sh" => "sh",
            "py" => "python",
            "ts" => "ts",
            other => panic!("{name}: a block of `{other}`?"),
        };
        assert!(lines.next().is_some_and(|fence| fence.starts_with("```")), "a block follows {line}");
        lines.by_ref().find(|line| *line == "```").expect("the block ends");
        made += &format!("```{language}\n{}```\n", fs::read_to_string(Path::new(EXAMPLES).join(name)).unwrap());
        quoted.push(name.to_owned());
    }
    let files = fs::read_dir(EXAMPLES).unwrap().map(|file| file.unwrap().file_name().into_string().unwrap());
    let examples = files.filter(|name| [".sh", ".py", ".ts"].iter().any(|ending| name.ends_with(ending)));
    let left_out: Vec<String> = examples.filter(|name| !quoted.contains(name)).collect();
    assert!(left_out.is_empty(), "docs/integrate.md quotes none of {left_out:?}");
    hold("docs/integrate.md", &made, "--test hub integrate");
}
