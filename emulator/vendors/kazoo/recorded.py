"""How Kazoo's recorded traffic is read."""

from __future__ import annotations

from emulator.core.dialect.recorded import Recorded, senses
from emulator.core.faxes.outcomes import Outcome
from emulator.vendors.kazoo.tables import REFUSALS

RECORDED = Recorded(
    origin="https://apps.hostedpbx.ie:8443",
    answers=senses(
        id="id _id fax fax_id fax_jobid faxbox_id faxbox owner_id user user_id doc_id faxdoc_id attempt "
        "webhook hook_id X-Hook-ID cause cdr_doc_id",
        secret="account account_id X-Account-ID X-Auth-Token auth_token api_key credentials token password",
        to="to_number to callee_id_number callee_id_name",
        sender="from_number from caller_id_number caller_id_name",
        number="phone_number original_number translated_number number fax_identity_number",
        instant="created delivered fax_timestamp timestamp modified",
        seconds="time_elapsed retry_after",
        pages="total_pages fax_total_pages",
        sent="pages_sent transferred_pages fax_transferred_pages",
        state="status",
        code="result_code fax_result_code .error .message",
        said="result_text result_cause error_message fax_result_text fax_error message fax_hangup_cause "
        "description disable_reason",
        word=".status success fax_success folder source_type media_type fax_timezone event_name hook enabled "
        "event_category format http_verb method content_type target action target_type language is_reseller "
        "t38_used ecm_used fax_ecm_used fax_t38_used encoding encoding_name reschedule_rule",
        figure="attempts retries page_size fax_bad_rows fax_speed transfer_rate fax_transfer_rate bad_rows "
        "fax_hangup_code",
        personal="from_name to_name name subject fax_receiver_id fax_identity_name custom_data realm "
        "account_name account_realm username caller_name fax_header local_station_id remote_station_id "
        "fax_local_station_id fax_remote_station_id host referer content",
        mail="send_to email smtp_email_address custom_smtp_email_address smtp_permission_list",
        url="url",
        hook="uri",
        file="filename",
        whatever="request_id revision node version call_id account_db cluster_id server_id msg_id "
        "app_version system_log_id start_key next_start_key",
    ),
    requests=senses(word="paginate descending ascending disposition accept created_from created_to"),
    accounts={
        "account": "account",
        "account_id": "account",
        "x-account-id": "account",
        "x-auth-token": "X-Auth-Token",
        "auth_token": "X-Auth-Token",
        "api_key": "api_key",
        "credentials": "login md5",
        "account_name": "account name",
    },
    ends={"completed": Outcome.delivered, "failed": Outcome.line_error},
    refusals={
        message: word
        for word, (message, *_) in REFUSALS.items()
        if word not in ("invalid_number", "restricted")
    },
    trials={
        "kazoo.profile": ("4.3",),
        "live_status": (True,),
        "strict_accept": (True,),
        "retries": ("tries",),
        "list_window": (True,),
        "rate_limit": (True,),
    },
    faxes=frozenset({"id", "fax", "fax_id", "fax_jobid"}),
    inbound=("event_name", "inbound_fax"),
    headers=frozenset({"x-hook-id", "x-account-id", "x-request-id", "etag"}),
    before_id=r"^[0-9]{6}-",
)
