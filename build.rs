//! Builds the web pages into the binary.

/// What the build reads. Never `web/` itself (npm writes into it) and never a folder that the
/// build writes: cargo compares modification times with the time the script started.
const READ: [&str; 21] = [
    "build.rs",
    "web/package.json",
    "web/package-lock.json",
    "web/tsconfig.json",
    "web/vite.config.ts",
    "web/index.html",
    "web/admin",
    "web/admin.html",
    "web/board",
    "web/board.html",
    "web/client",
    "web/desk",
    "web/desk.html",
    "web/indicator",
    "web/live",
    "web/look",
    "web/reports",
    "web/reports.html",
    "web/sign-in",
    "web/wire.ts",
    "web/words",
];

fn main() {
    for path in READ {
        println!("cargo::rerun-if-changed={path}");
    }
    #[cfg(feature = "pages")]
    if let Err(explanation) = pages::build() {
        for line in explanation.lines() {
            println!("cargo::error={line}");
        }
        std::process::exit(1);
    }
}

#[cfg(feature = "pages")]
mod pages {
    //! Packages, pages, and the table by which the hub embeds them.
    //!
    //! `tsc` checks the pages against the types of the wire (`web/wire.ts`), Vite builds them, and
    //! every built file becomes one row of `include_bytes!`. Nothing built lands in the source tree,
    //! except npm's own folder, which is ignored.

    use std::path::{Path, PathBuf};
    use std::process::Command;
    use std::{env, fs, io};

    /// An explanation for the person at the terminal; there is no caller that could tell kinds apart.
    type Explained<T> = Result<T, String>;

    /// Leaves the table of pages in `$OUT_DIR/pages.rs`.
    pub fn build() -> Explained<()> {
        let web = Path::new("web");
        let out = PathBuf::from(env::var_os("OUT_DIR").ok_or("OUT_DIR is not set: run cargo")?);
        let built = out.join("pages");
        // Cargo, an editor and a test run may build at once, into one npm folder.
        let lock = fs::File::create(web.join(".build.lock")).map_err(describe("web/.build.lock"))?;
        lock.lock().map_err(describe("web/.build.lock"))?;
        check_node()?;
        install(web)?;
        run(npm(web).args(["run", "--silent", "build"]).env("HUB_PAGES_OUT", &built), "the web pages do not build")?;
        write_rows(&built, &out.join("pages.rs"))
    }

    fn describe(what: &str) -> impl Fn(io::Error) -> String {
        move |error| format!("{what}: {error}")
    }

    /// The oldest Node.js that Vite runs on.
    const OLDEST_NODE: (u32, u32) = (20, 19);

    const WITHOUT_NODE: &str = "Install Node.js 20.19 or newer with npm, or build without the web pages: \
                                cargo build --no-default-features";

    fn check_node() -> Explained<()> {
        let Ok(answer) = Command::new("node").arg("--version").output() else {
            return Err(format!("`node` was not found; it builds the web pages.\n{WITHOUT_NODE}"));
        };
        let version = String::from_utf8_lossy(&answer.stdout).trim().to_owned();
        let mut numbers = version.trim_start_matches('v').split('.').map(|part| part.parse::<u32>().unwrap_or(0));
        let found = (numbers.next().unwrap_or(0), numbers.next().unwrap_or(0));
        if found < OLDEST_NODE {
            return Err(format!("Node.js {version} is too old to build the web pages.\n{WITHOUT_NODE}"));
        }
        Ok(())
    }

    fn npm(folder: &Path) -> Command {
        let mut npm = Command::new(if cfg!(windows) { "npm.cmd" } else { "npm" });
        npm.current_dir(folder);
        npm
    }

    /// Installs the packages only when the lock file is not the one that was installed last.
    fn install(web: &Path) -> Explained<()> {
        let wanted = fs::read(web.join("package-lock.json")).map_err(describe("web/package-lock.json"))?;
        let stamp = web.join("node_modules/.installed-lock.json");
        if fs::read(&stamp).is_ok_and(|installed| installed == wanted) {
            return Ok(());
        }
        let quiet = ["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--prefer-offline"];
        run(npm(web).args(quiet), "the packages of the web pages could not be installed")?;
        fs::write(&stamp, wanted).map_err(describe("web/node_modules"))
    }

    fn run(command: &mut Command, otherwise: &str) -> Explained<()> {
        let done = command.output().map_err(|error| {
            format!("`npm` could not be started ({error}); it builds the web pages.\n{WITHOUT_NODE}")
        })?;
        if done.status.success() {
            return Ok(());
        }
        let said = [done.stdout, done.stderr].map(|bytes| String::from_utf8_lossy(&bytes).trim().to_owned());
        Err(format!("{otherwise} ({}):\n{}", done.status, said.join("\n")))
    }

    /// One row per built file, sorted by path: a page is found by binary search. Vite's plugin in
    /// `web/vite.config.ts` has written each file's compressed variants and its tag beside it.
    fn write_rows(built: &Path, table: &Path) -> Explained<()> {
        let mut files = Vec::new();
        collect(built, &mut files).map_err(describe("the built pages"))?;
        let mut rows: Vec<(String, PathBuf)> = files
            .into_iter()
            .filter(|file| !matches!(extension(file), "br" | "gz" | "etag"))
            .map(|file| (address(built, &file), file))
            .collect();
        rows.sort();
        let mut text = String::from("[\n");
        for (path, file) in &rows {
            let tag = fs::read_to_string(beside(file, "etag")).map_err(describe(path))?;
            text.push_str(&format!(
                "Page {{ path: {path:?}, content_type: {:?}, tag: {tag:?}, plain: include_bytes!({file:?}), brotli: {}, gzip: {} }},\n",
                content_type(file)?,
                included(&beside(file, "br")),
                included(&beside(file, "gz")),
            ));
        }
        text.push_str("]\n");
        fs::write(table, text).map_err(describe("the table of pages"))
    }

    fn collect(folder: &Path, files: &mut Vec<PathBuf>) -> io::Result<()> {
        for entry in fs::read_dir(folder)? {
            let path = entry?.path();
            if path.is_dir() {
                collect(&path, files)?;
            } else {
                files.push(path);
            }
        }
        Ok(())
    }

    /// `desk.html` is served at `/desk`, everything else under its own name.
    fn address(built: &Path, file: &Path) -> String {
        let inside = file.strip_prefix(built).unwrap_or(file);
        let path = format!("/{}", inside.to_string_lossy().replace('\\', "/"));
        match path.strip_suffix(".html") {
            Some("/index") => "/".to_owned(),
            Some(page) => page.to_owned(),
            None => path,
        }
    }

    fn beside(file: &Path, kind: &str) -> PathBuf {
        let mut name = file.as_os_str().to_owned();
        name.push(".");
        name.push(kind);
        PathBuf::from(name)
    }

    /// A variant that did not get smaller is not written.
    fn included(variant: &Path) -> String {
        if variant.exists() { format!("Some(include_bytes!({variant:?}))") } else { "None".to_owned() }
    }

    fn extension(file: &Path) -> &str {
        file.extension().and_then(|extension| extension.to_str()).unwrap_or("")
    }

    fn content_type(file: &Path) -> Explained<&'static str> {
        match extension(file) {
            "html" => Ok("text/html; charset=utf-8"),
            "js" => Ok("text/javascript; charset=utf-8"),
            "css" => Ok("text/css; charset=utf-8"),
            "svg" => Ok("image/svg+xml"),
            other => Err(format!("{}: build.rs knows no content type for .{other}", file.display())),
        }
    }
}
