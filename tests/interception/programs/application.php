<?php

// An application that faxes by two vendors, at their own addresses, and hears of it: by the client that is named.

const IFAX = 'https://api.ifaxapp.com/v1/customer/fax-send';
const OPENFAX = 'https://api.openfax.com/faxSendSubmit.php';
const KEY = 'live-5f2c9a7be1d04c66';
const PDF = 'JVBERi0xLjQKMSAwIG9iajw8L1R5cGUvQ2F0YWxvZy9QYWdlcyAyIDAgUj4+ZW5kb2JqIDIgMCBvYmo8PC9UeXBlL1BhZ2VzL0tpZHNbMyAwIFJdL0Nv'
    . 'dW50IDEvTWVkaWFCb3hbMCAwIDYxMiA3OTJdPj5lbmRvYmogMyAwIG9iajw8L1R5cGUvUGFnZS9QYXJlbnQgMiAwIFI+PmVuZG9iagp0cmFpbGVyPDwv'
    . 'Um9vdCAxIDAgUj4+CnN0YXJ0eHJlZgowCiUlRU9G';
const LETTER = ['faxNumber' => '+12125550123', 'faxData' => [['fileName' => 'letter.pdf', 'fileData' => PDF]]];
const FORM = [
    'AccountID' => '555000111', 'APIKey' => 'LiveKeyOfARealAccount', 'FaxNumber' => '12125550123', 'paperSize' => '0',
    'faxResolution' => '0', 'Priority' => 'Normal', 'PDF_encode' => PDF,
];

function byCurl(string $url, array $headers, string $body): array
{
    $curl = curl_init($url);
    curl_setopt_array($curl, [CURLOPT_POSTFIELDS => $body, CURLOPT_HTTPHEADER => $headers, CURLOPT_RETURNTRANSFER => true]);
    $said = curl_exec($curl);
    if ($said === false) {
        throw new RuntimeException(curl_error($curl));
    }

    return json_decode($said, true);
}

function byStreams(string $url, array $headers, string $body): array
{
    $context = stream_context_create([
        'http' => ['method' => 'POST', 'header' => implode("\r\n", $headers), 'content' => $body],
    ]);
    $said = file_get_contents($url, false, $context);
    if (strpos($http_response_header[0], ' 200 ') === false) {
        throw new RuntimeException($http_response_header[0]);
    }

    return json_decode($said, true);
}

function byGuzzle(string $url, array $headers, string $body, array $more = []): array
{
    require_once 'GuzzleHttp/autoload.php';
    $named = [];
    foreach ($headers as $header) {
        [$name, $named[$name]] = explode(': ', $header);
    }
    $answer = (new GuzzleHttp\Client())->post($url, ['headers' => $named, 'body' => $body] + $more);

    return json_decode((string) $answer->getBody(), true);
}

function byGuzzleStream(string $url, array $headers, string $body): array
{
    return byGuzzle($url, $headers, $body, ['stream' => true]);
}

[, $name, $port] = $argv;
$hook = stream_socket_server("tcp://127.0.0.1:$port");
$first = $name(IFAX, ['accessToken: ' . KEY, 'Content-Type: application/json'], json_encode(LETTER));
$second = $name(OPENFAX, ['Content-Type: application/x-www-form-urlencoded'], http_build_query(FORM));
$heard = 0;
while ($heard < 2 && $post = stream_socket_accept($hook, 20)) {
    while (trim(fgets($post)) !== '') {
    }
    fwrite($post, "HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
    fclose($post);
    $heard++;
}
print "$first[status] $second[Response] heard $heard\n";
