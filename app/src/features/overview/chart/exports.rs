//! The chart as files: pictures with title, days and count, and its numbers; and the page on paper,
//! with the chart in shapes.

use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos::wasm_bindgen::JsValue;

use super::card::{Shown, measure_now, project_name};
use crate::canvas::lines::drawing::{Colors, Drawing};
use crate::canvas::lines::frame::Frame;
use crate::canvas::lines::said;
use crate::texts::{chart as texts, common};
use crate::ui::locale::language_now;
use crate::ui::{chart, downloads, echarts, print, toast};
use crate::words::files;

/// Width and height of a picture, in pixels of the page.
const SIZE: (f64, f64) = (1_100.0, 520.0);
/// The same on paper: as wide as A4 between its margins.
const PAPER: (f64, f64) = (680.0, 280.0);
/// Where the chart is on the page.
const PLOT: &str = ".chart-card .chart-plot";

/// What the chart can be taken away as.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum File {
    /// A picture of dots, two a pixel.
    Png,
    /// A picture of shapes.
    Svg,
    /// Its numbers.
    Csv,
    /// The picture of dots, on the clipboard.
    Copy,
    /// The page on paper.
    Print,
}

/// Makes the file and hands it to the browser; says so where that is not possible.
pub fn make(shown: Shown, file: File) {
    spawn_local(async move {
        match handed_over(shown, file).await {
            Ok(()) if file == File::Copy => toast::success(common::COPIED),
            Ok(()) => {}
            Err(error) => {
                leptos::logging::error!("the chart cannot be exported: {error:?}");
                toast::message(texts::EXPORT_FAILED.get(language_now()).to_owned());
            }
        }
    });
}

async fn handed_over(shown: Shown, file: File) -> Result<(), JsValue> {
    let ending = match file {
        File::Png | File::Copy => "png",
        File::Svg => "svg",
        File::Csv => "csv",
        File::Print => return print_page(shown).await,
    };
    let day = shown.model.with_untracked(|model| model.until);
    let name = files::file_name(&project_name(shown), measure_now(shown), day);
    let name = format!("{name}.{ending}");
    if file == File::Csv {
        let text = shown.model.with_untracked(said::csv);
        downloads::save(&name, &downloads::address_of("text/csv", &text));
        return Ok(());
    }
    let (option, ground) = picture(shown);
    if file == File::Svg {
        let text = echarts::vector_picture(&option, SIZE).await?;
        downloads::save(&name, &downloads::address_of("image/svg+xml", &text));
        return Ok(());
    }
    let canvas = echarts::picture(&option, SIZE, &ground).await?;
    if file == File::Copy {
        return echarts::copy_canvas(&canvas).await;
    }
    downloads::save(&name, &echarts::address_of(&canvas)?);
    Ok(())
}

/// The options of the picture in a file, and its ground.
fn picture(shown: Shown) -> (serde_json::Value, String) {
    let colors: Colors = untrack(chart::colors);
    let language = language_now();
    let title = format!("{} · {}", project_name(shown), measure_now(shown));
    let option = shown.model.with_untracked(|model| {
        let drawing = Drawing {
            model,
            frame: Frame::of_file(SIZE.0, SIZE.1),
            colors: &colors,
            language,
        };
        let below = said::period(language, model);
        drawing.option(Some((title.as_str(), below.as_str())))
    });
    (option, colors.surface)
}

/// Prints the page with the chart in shapes, which are as sharp as its words.
async fn print_page(shown: Shown) -> Result<(), JsValue> {
    let colors: Colors = untrack(chart::light_colors);
    let option = shown.model.with_untracked(|model| {
        let drawing = Drawing {
            model,
            frame: Frame::of_page(PAPER.0, PAPER.1),
            colors: &colors,
            language: language_now(),
        };
        drawing.option(None)
    });
    let text = echarts::vector_picture(&option, PAPER).await?;
    print::with_picture(PLOT, &downloads::address_of("image/svg+xml", &text)).await
}
