//! Debian's nginx before a host, with deploy/nginx.conf as the file that is tested.

use std::fs;
use std::net::{IpAddr, Ipv4Addr, SocketAddr, TcpListener};
use std::path::{Path, PathBuf};
use std::process::Stdio;

use reqwest::Certificate;
use tokio::process::{Child, Command};

use super::home::Home;
use super::program::PATIENCE;
use super::{eventually, tool};

/// What operators change in the file.
const NAME: &str = "parallax.example";
const HOST: &str = "server 127.0.0.1:3000;";

/// Ports of its own, and a certificate that its clients trust and nobody else.
pub(crate) struct Site {
    https: u16,
    http: u16,
    certificate: PathBuf,
    key: PathBuf,
}

/// nginx at work. It is killed when this is dropped.
pub(crate) struct Nginx {
    _child: Child,
}

impl Site {
    /// Finds two free ports and makes a certificate.
    pub(crate) async fn make(home: &Home) -> Self {
        let site = Self {
            https: free_port(),
            http: free_port(),
            certificate: home.file("certificate.pem"),
            key: home.file("key.pem"),
        };
        let made = Command::new("openssl")
            .args([
                "req",
                "-x509",
                "-newkey",
                "ec",
                "-pkeyopt",
                "ec_paramgen_curve:P-256",
            ])
            .args(["-nodes", "-days", "2", "-subj", &format!("/CN={NAME}")])
            .args(["-addext", &format!("subjectAltName=DNS:{NAME}")])
            .args(["-addext", "basicConstraints=critical,CA:FALSE"])
            .args(["-out".as_ref(), site.certificate.as_os_str()])
            .args(["-keyout".as_ref(), site.key.as_os_str()])
            .output()
            .await
            .expect("openssl: scripts/setup.sh test");
        assert!(
            made.status.success(),
            "{}",
            String::from_utf8_lossy(&made.stderr)
        );
        site
    }

    /// Where people find it.
    pub(crate) fn url(&self) -> String {
        format!("https://{NAME}:{}", self.https)
    }

    /// Where those come who type no scheme.
    pub(crate) fn plain_url(&self) -> String {
        format!("http://{NAME}:{}", self.http)
    }

    /// A client at another address of this machine, which trusts the certificate.
    pub(crate) fn client(&self, last_part_of_address: u8) -> reqwest::Client {
        let pem = fs::read(&self.certificate).expect("a certificate");
        let certificate = Certificate::from_pem(&pem).expect("a certificate");
        let here = |port| SocketAddr::from((Ipv4Addr::LOCALHOST, port));
        reqwest::Client::builder()
            .no_proxy()
            .tls_certs_only([certificate])
            .local_address(IpAddr::from([127, 0, 0, last_part_of_address]))
            .resolve(NAME, here(self.https))
            .redirect(reqwest::redirect::Policy::none())
            .no_gzip()
            .no_brotli()
            .no_deflate()
            .timeout(PATIENCE)
            .build()
            .expect("a client")
    }

    /// Starts nginx with deploy/nginx.conf before the host at `origin`. `change` is what an
    /// operator changes besides names, ports and files.
    pub(crate) async fn serve(
        &self,
        home: &Home,
        origin: &str,
        change: impl FnOnce(String) -> String,
    ) -> Nginx {
        let folder = home.file("nginx");
        fs::create_dir_all(&folder).expect("a folder");
        let site = change(self.configuration(origin));
        fs::write(folder.join("parallax.conf"), site).expect("written");
        let main = folder.join("nginx.conf");
        fs::write(&main, main_configuration(&folder)).expect("written");
        let child = Command::new(tool("nginx/usr/sbin/nginx"))
            .args(["-e", "stderr", "-p"])
            .arg(&folder)
            .arg("-c")
            .arg(&main)
            .stdin(Stdio::null())
            .kill_on_drop(true)
            .spawn()
            .expect("nginx starts");
        let address = SocketAddr::from((Ipv4Addr::LOCALHOST, self.https));
        let look = || async move { tokio::net::TcpStream::connect(address).await.ok() };
        eventually("nginx listens", PATIENCE, look).await;
        Nginx { _child: child }
    }

    fn configuration(&self, origin: &str) -> String {
        let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../deploy/nginx.conf");
        let file = fs::read_to_string(file).expect("deploy/nginx.conf");
        let upstream = origin.strip_prefix("http://").expect("an origin");
        let folder = format!("/etc/letsencrypt/live/{NAME}");
        // On loopback alone; what listens for IPv6 is the same again.
        let lines = file.lines().filter(|line| !line.contains("listen [::]"));
        let file = lines.collect::<Vec<_>>().join("\n");
        let replaced = [
            (HOST.to_owned(), format!("server {upstream};")),
            (
                "listen 80;".to_owned(),
                format!("listen 127.0.0.1:{};", self.http),
            ),
            (
                "listen 443 ".to_owned(),
                format!("listen 127.0.0.1:{} ", self.https),
            ),
            (format!("https://{NAME}$"), format!("{}$", self.url())),
            (
                format!("{folder}/fullchain.pem"),
                self.certificate.display().to_string(),
            ),
            (
                format!("{folder}/privkey.pem"),
                self.key.display().to_string(),
            ),
        ];
        replaced.iter().fold(file, |file, (from, to)| {
            assert_eq!(
                file.matches(from.as_str()).count(),
                1,
                "{from} in deploy/nginx.conf"
            );
            file.replace(from, to)
        })
    }
}

/// What Debian's /etc/nginx/nginx.conf is to the file, with everything in one folder and in one
/// process.
fn main_configuration(folder: &Path) -> String {
    let folder = folder.display();
    let temporary = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"]
        .map(|kind| format!("    {kind}_temp_path {folder}/{kind};\n"))
        .concat();
    format!(
        "daemon off;\nmaster_process off;\npid {folder}/nginx.pid;\n\
         events {{ worker_connections 256; }}\n\
         http {{\n{temporary}    access_log {folder}/access.log;\n    include {folder}/parallax.conf;\n}}\n"
    )
}

/// A port that nobody listens on. Somebody may take it before nginx does; then the test fails
/// and says so.
fn free_port() -> u16 {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a port");
    listener.local_addr().expect("an address").port()
}
