//! Inviting people: a link for an address and a role, and those that are open.

use leptos::prelude::*;

use super::action_table::{ActionRow, action_table};
use crate::address::at;
use crate::api;
use crate::model::account::{InvitationDraft, InvitationLink, InvitationView, Role};
use crate::model::ids::InvitationId;
use crate::texts::{Text, accounts};
use crate::ui::locale::language;
use crate::ui::{
    AsyncView, Card, ConfirmDialog, CopyField, ErrorSummary, Look, Remote, SelectField, Submission,
    SubmitButton, TextField, Words, browser, fill, format, session, toast,
};

/// Invites people, and takes invitations back.
#[component]
pub(super) fn InvitationCard() -> impl IntoView {
    let invitations = Remote::new(api::invitations::list_invitations);
    let doomed = RwSignal::new(None::<InvitationView>);
    let asking = RwSignal::new(false);
    let ask = Callback::new(move |invitation: InvitationView| {
        doomed.set(Some(invitation));
        asking.set(true);
    });
    let made = RwSignal::new(None::<(InvitationLink, String)>);
    let revoking = Submission::new();
    let revoke = move |()| {
        let Some(invitation) = doomed.get_untracked() else {
            return;
        };
        revoking.run(
            api::invitations::revoke_invitation(invitation.id),
            move |()| {
                toast::success(accounts::INVITATION_REVOKED);
                browser::keep_focus(".card :is(form, table) .button");
                // Its link is no use to anybody.
                if made.with_untracked(|made| is_of(made.as_ref(), invitation.id)) {
                    made.set(None);
                }
                invitations.reload();
            },
        );
    };
    let title = Words::new(move || {
        let name = doomed.with(|doomed| doomed.as_ref().map(invited));
        let name = name.unwrap_or_default();
        fill(accounts::REVOKE_INVITATION_TITLE, &[("name", &name)])
    });
    view! {
        <Card title=accounts::INVITE lead=accounts::INVITE_LEAD>
            <InvitationForm made on_made=move |()| invitations.reload() />
            <ErrorSummary form=revoking />
            <AsyncView remote=invitations lines=1 let:list>
                {if list.is_empty() { ().into_any() } else { invitation_table(list, ask) }}
            </AsyncView>
        </Card>
        <ConfirmDialog
            open=asking
            title
            message=accounts::REVOKE_INVITATION_MESSAGE
            confirm=accounts::TAKE_BACK
            on_confirm=revoke
        />
    }
}

/// What the user may do in this workspace; nobody gives more.
fn own_role() -> Role {
    session::workspace().map_or(Role::Viewer, |workspace| workspace.role)
}

/// Whether the link on the screen is that of an invitation.
fn is_of(made: Option<&(InvitationLink, String)>, invitation: InvitationId) -> bool {
    made.is_some_and(|(link, _)| link.id == invitation)
}

#[component]
fn InvitationForm(
    /// The newest link, and whom it is for.
    made: RwSignal<Option<(InvitationLink, String)>>,
    #[prop(into)] on_made: Callback<()>,
) -> impl IntoView {
    let form = Submission::new();
    let email = RwSignal::new(String::new());
    let begun = untrack(own_role).min(Role::Editor);
    let role = RwSignal::new(begun.word().to_owned());
    let roles = Signal::derive(|| {
        let own = own_role();
        [Role::Editor, Role::Viewer, Role::Owner]
            .into_iter()
            .filter(|role| *role <= own)
            .map(|role| {
                let name = role_name(role).get(language());
                (role.word().to_owned(), name.to_owned())
            })
            .collect()
    });
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let Some(role) = Role::from_word(&role.get_untracked()) else {
            return;
        };
        let draft = InvitationDraft {
            email: email.get_untracked(),
            role,
        };
        let invited = draft.email.trim().to_owned();
        form.run(api::invitations::invite(draft), move |link| {
            made.set(Some((link, invited)));
            email.set(String::new());
            on_made.run(());
        });
    };
    view! {
        <form class="form" novalidate on:submit=submit>
            <div class="form-row">
                <TextField label=accounts::EMAIL value=email form path="email" kind="email" />
                <SelectField label=accounts::INVITE_ROLE value=role form path="role" options=roles />
            </div>
            <div class="form-actions">
                <SubmitButton label=accounts::CREATE_INVITATION form look=Look::Plain />
            </div>
            <ErrorSummary form />
        </form>
        {move || made.get().map(|(link, invited)| link_view(&link, invited))}
    }
}

fn link_view(link: &InvitationLink, email: String) -> AnyView {
    let origin = window().location().origin().unwrap_or_default();
    let until = link.expires_at;
    let mailed = link.is_mailed.then(|| email.clone());
    view! {
        <CopyField label=accounts::INVITATION_LINK value=format!("{origin}{}", at(&link.path)) />
        <p class="field-hint">
            {move || {
                let until = format::moment(until);
                fill(accounts::INVITATION_FOR, &[("email", &email), ("when", &until)])
            }}
        </p>
        {mailed
            .map(|email| {
                view! {
                    <p class="field-hint">
                        {move || fill(accounts::INVITATION_MAILED, &[("email", &email)])}
                    </p>
                }
            })}
    }
    .into_any()
}

const fn role_name(role: Role) -> Text {
    match role {
        Role::Viewer => accounts::ROLE_VIEWER,
        Role::Editor => accounts::ROLE_EDITOR,
        Role::Owner => accounts::ROLE_OWNER,
    }
}

/// For whom an invitation is.
fn invited(invitation: &InvitationView) -> String {
    let anybody = || accounts::INVITATION_ANYBODY.get(language()).to_owned();
    invitation.email.clone().unwrap_or_else(anybody)
}

const HEADS: [Text; 4] = [
    accounts::EMAIL,
    accounts::INVITE_ROLE,
    accounts::INVITED_BY,
    accounts::INVITATION_ENDS,
];

fn invitation_table(list: Vec<InvitationView>, ask: Callback<InvitationView>) -> AnyView {
    let row = |invitation: InvitationView| {
        let (whom, named) = (invitation.clone(), invitation.clone());
        let ends = invitation.expires_at;
        let name = move || fill(accounts::TAKE_BACK_NAME, &[("name", &invited(&named))]);
        ActionRow {
            title: Words::new(move || invited(&whom)),
            cells: vec![
                role_name(invitation.role).into(),
                invitation.made_by.clone().into(),
                Words::new(move || format::moment(ends)),
            ],
            name: Words::new(name),
            on_press: Callback::new(move |()| ask.run(invitation.clone())),
        }
    };
    let rows = list.into_iter().map(row).collect();
    action_table(accounts::INVITATIONS, &HEADS, accounts::TAKE_BACK, rows)
}
