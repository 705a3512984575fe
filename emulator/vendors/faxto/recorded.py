"""How Fax.to's recorded traffic is read."""

from __future__ import annotations

from emulator.core.dialect.recorded import Recorded, senses
from emulator.core.faxes.outcomes import Outcome
from emulator.vendors.faxto.tables import REFUSALS

RECORDED = Recorded(
    origin="https://fax.to",
    answers=senses(
        id="fax_job_id document_id id user_id did_id didid did_group_id trunk_id uuid inbound_id",
        secret="api_key password",
        to="fax_number recipient to",
        sender="sender from tsi_number",
        number="number did_number",
        instant="date created_at updated_at time uploaded expiration_date",
        seconds="duration",
        money="user_cash_balance cost balance",
        pages="pages total_pages",
        state="status",
        code="msg_code",
        said="message",
        word="timezone timezone_type speed ecm compression file_extension country slug a2_code dial_code "
        "name code country_code state_id area_code city_name alpha3 type current_page per_page "
        "preview_in_storage",
        figure="total count pagination.total_pages",
        personal="rsid",
        mail="email",
        url="url file_url previous next",
        file="filename filename_uploaded orig_filename preview_file document preview_image",
        document="file",
        whatever="filesize size s3 token",
    ),
    requests=senses(
        url="AddRemoteFile", word="limit page delete_file didGroupIds stateId cityNamePattern areaCode"
    ),
    accounts={"api_key": "api_key"},
    ends={"success": Outcome.delivered, "failed": Outcome.line_error},
    refusals={text: word for word, (_, text) in REFUSALS.items()},
    trials={"upload_status": ("success",)},
    faxes=frozenset({"fax_job_id", "uuid", "id"}),
    inbound=("rsid", ""),
)
