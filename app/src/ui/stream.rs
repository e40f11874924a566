//! One stream of events for all windows of a browser: browsers open only six connections to a host
//! that speaks HTTP/1.1, and a stream keeps one.
//!
//! One window listens to the host and tells the others (`BroadcastChannel`); which one, a lock of
//! the browser decides (Web Locks), that goes to the next window when this one is closed. Where the
//! browser has no locks (a page over plain HTTP), where the host refuses the stream, and where a
//! window hears nothing for a while, it looks itself, every three seconds, while it is seen.
//!
//! Invariant: knows nothing of what the events say.

use std::cell::{Cell, RefCell};
use std::rc::{Rc, Weak};
use std::time::Duration;

use js_sys::{Function, Object, Promise, Reflect};
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos::wasm_bindgen::closure::Closure;
use leptos::wasm_bindgen::{JsCast, JsValue};
use leptos::web_sys::{AbortController, BroadcastChannel, EventSource, MessageEvent};
use wasm_bindgen_futures::JsFuture;

use crate::address::{at, prefix};

/// How often a window looks itself that hears nothing.
const LOOK_EVERY: Duration = Duration::from_secs(3);
/// The host says every four seconds that it listens.
const SILENT_AFTER_MS: f64 = 7_000.0;
/// A stream that was refused is asked for again after this.
const AGAIN_AFTER_MS: f64 = 30_000.0;

/// What one window tells the others beside events: that the stream is alive, and that it was
/// interrupted, so that each has to look what it missed.
const ALIVE: &str = "";
const LOOK: &str = "look";

/// Listens for as long as it is kept.
pub struct SharedStream(Rc<Inner>);

/// What the browser calls with each message.
type Heard = Closure<dyn FnMut(MessageEvent)>;

struct Inner {
    path: &'static str,
    on_event: fn(&str),
    on_look: fn(),
    channel: Option<BroadcastChannel>,
    waiting: Option<AbortController>,
    /// Gives the lock back.
    release: RefCell<Option<Function>>,
    source: RefCell<Option<EventSource>>,
    /// Kept alive for as long as the browser may call them.
    listeners: RefCell<Vec<Heard>>,
    told: RefCell<Option<Heard>>,
    tick: Cell<Option<IntervalHandle>>,
    heard_at: Cell<f64>,
    asked_at: Cell<f64>,
    was_open: Cell<bool>,
}

impl SharedStream {
    /// Listens to the stream at `path`. Windows of one `name` share one. `on_event` is given what
    /// an event says, `on_look` asks the host itself.
    pub fn open(path: &'static str, name: &str, on_event: fn(&str), on_look: fn()) -> Self {
        let name = format!("parallax{}{path}.{name}", prefix());
        let inner = Rc::new(Inner {
            path,
            on_event,
            on_look,
            channel: BroadcastChannel::new(&name).ok(),
            waiting: AbortController::new().ok(),
            release: RefCell::new(None),
            source: RefCell::new(None),
            listeners: RefCell::new(Vec::new()),
            told: RefCell::new(None),
            tick: Cell::new(None),
            heard_at: Cell::new(js_sys::Date::now()),
            asked_at: Cell::new(0.0),
            was_open: Cell::new(false),
        });
        inner.follow_others();
        if inner.channel.is_none() || inner.wait_for_turn(&name).is_none() {
            inner.heard_at.set(0.0);
        }
        let weak = Rc::downgrade(&inner);
        let tick = move || with(&weak, Inner::tick);
        inner
            .tick
            .set(set_interval_with_handle(tick, LOOK_EVERY).ok());
        Self(inner)
    }
}

fn with(inner: &Weak<Inner>, act: impl FnOnce(&Rc<Inner>)) {
    if let Some(inner) = inner.upgrade() {
        act(&inner);
    }
}

fn field(of: &JsValue, name: &str) -> Option<JsValue> {
    Reflect::get(of, &JsValue::from_str(name)).ok()
}

/// What a message says.
fn text_of(event: &MessageEvent) -> String {
    event.data().as_string().unwrap_or_default()
}

impl Inner {
    /// Takes over what the window says that listens to the host.
    fn follow_others(self: &Rc<Self>) {
        let weak = Rc::downgrade(self);
        let on_message = Closure::<dyn FnMut(MessageEvent)>::new(move |event: MessageEvent| {
            with(&weak, |inner| inner.hear(&text_of(&event)));
        });
        if let Some(channel) = &self.channel {
            channel.set_onmessage(Some(on_message.as_ref().unchecked_ref()));
        }
        self.told.replace(Some(on_message));
    }

    /// Listens to the host once it is this window's turn; `None`: the browser has no locks.
    fn wait_for_turn(self: &Rc<Self>, name: &str) -> Option<()> {
        let locks = field(&window().navigator(), "locks").filter(JsValue::is_object)?;
        let request: Function = field(&locks, "request")?.dyn_into().ok()?;
        let options = Object::new();
        let signal = self.waiting.as_ref()?.signal();
        Reflect::set(&options, &JsValue::from_str("signal"), &signal).ok()?;
        let weak = Rc::downgrade(self);
        let turn = Closure::once_into_js(move |_lock: JsValue| -> JsValue {
            let Some(inner) = weak.upgrade() else {
                return JsValue::UNDEFINED;
            };
            inner.connect();
            let held = Promise::new(&mut |release, _| {
                inner.release.replace(Some(release));
            });
            held.into()
        });
        let name = JsValue::from_str(name);
        let held: Promise = request
            .call3(&locks, &name, &options, &turn)
            .ok()?
            .dyn_into()
            .ok()?;
        spawn_local(async move {
            // It ends with the window, or is called off: both are as they should be.
            let _ = JsFuture::from(held).await;
        });
        Some(())
    }

    /// Listens to the host.
    fn connect(self: &Rc<Self>) {
        self.asked_at.set(js_sys::Date::now());
        let Ok(source) = EventSource::new(&at(self.path)) else {
            return;
        };
        let listeners = vec![
            self.listen(&source, "message", |inner, event| {
                inner.tell(&text_of(event));
            }),
            self.listen(&source, "alive", |inner, _| inner.tell(ALIVE)),
            self.listen(&source, "open", |inner, _| {
                // What happened while the line was down, nobody told.
                let was_open = inner.was_open.replace(true);
                inner.tell(if was_open { LOOK } else { ALIVE });
            }),
            self.listen(&source, "error", |inner, _| inner.forget_refused()),
        ];
        self.source.replace(Some(source));
        self.listeners.replace(listeners);
    }

    fn listen(
        self: &Rc<Self>,
        source: &EventSource,
        name: &str,
        act: fn(&Rc<Self>, &MessageEvent),
    ) -> Closure<dyn FnMut(MessageEvent)> {
        let weak = Rc::downgrade(self);
        let listener = Closure::<dyn FnMut(MessageEvent)>::new(move |event: MessageEvent| {
            with(&weak, |inner| act(inner, &event));
        });
        let called = listener.as_ref().unchecked_ref();
        let _ = source.add_event_listener_with_callback(name, called);
        listener
    }

    /// A stream that broke is opened again by the browser; one that was refused is not.
    fn forget_refused(&self) {
        let is_refused = |source: &EventSource| source.ready_state() == EventSource::CLOSED;
        if self.source.borrow().as_ref().is_some_and(is_refused) {
            self.source.replace(None);
            self.heard_at.set(0.0);
        }
    }

    /// Tells this window and the others.
    fn tell(&self, text: &str) {
        self.hear(text);
        if let Some(channel) = &self.channel {
            let _ = channel.post_message(&JsValue::from_str(text));
        }
    }

    fn hear(&self, text: &str) {
        self.heard_at.set(js_sys::Date::now());
        match text {
            ALIVE => {}
            LOOK => (self.on_look)(),
            event => (self.on_event)(event),
        }
    }

    fn tick(self: &Rc<Self>) {
        let now = js_sys::Date::now();
        let leads = self.release.borrow().is_some();
        let is_refused = leads && self.source.borrow().is_none();
        if is_refused && now - self.asked_at.get() > AGAIN_AFTER_MS {
            self.connect();
        }
        let is_seen = !document().hidden();
        if is_seen && now - self.heard_at.get() > SILENT_AFTER_MS {
            (self.on_look)();
        }
    }
}

impl Drop for SharedStream {
    fn drop(&mut self) {
        let inner = &self.0;
        if let Some(tick) = inner.tick.take() {
            tick.clear();
        }
        if let Some(source) = inner.source.take() {
            source.close();
        }
        if let Some(channel) = &inner.channel {
            channel.set_onmessage(None);
            channel.close();
        }
        if let Some(waiting) = &inner.waiting {
            waiting.abort();
        }
        if let Some(release) = inner.release.take() {
            let _ = release.call0(&JsValue::NULL);
        }
    }
}
