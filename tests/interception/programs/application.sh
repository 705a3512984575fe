#!/bin/sh
# Faxes by two vendors, at their own addresses, with curl.
set -eu
pdf=JVBERi0xLjQKMSAwIG9iajw8L1R5cGUvQ2F0YWxvZy9QYWdlcyAyIDAgUj4+ZW5kb2JqIDIgMCBvYmo8PC9UeXBlL1BhZ2VzL0tpZHNbMyAwIFJdL0NvdW50IDEvTWVkaWFCb3hbMCAwIDYxMiA3OTJdPj5lbmRvYmogMyAwIG9iajw8L1R5cGUvUGFnZS9QYXJlbnQgMiAwIFI+PmVuZG9iagp0cmFpbGVyPDwvUm9vdCAxIDAgUj4+CnN0YXJ0eHJlZgowCiUlRU9G
curl -fsS https://api.ifaxapp.com/v1/customer/fax-send -H 'accessToken: live-5f2c9a7be1d04c66' -H 'Content-Type: application/json' \
    -d "{\"faxNumber\": \"+12125550123\", \"faxData\": [{\"fileName\": \"letter.pdf\", \"fileData\": \"$pdf\"}]}"
echo
curl -fsS https://api.openfax.com/faxSendSubmit.php -d AccountID=555000111 -d APIKey=LiveKeyOfARealAccount -d FaxNumber=12125550123 \
    -d paperSize=0 -d faxResolution=0 -d Priority=Normal --data-urlencode "PDF_encode=$pdf"
