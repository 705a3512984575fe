<?php
// Sends faxes by iFax with PHP. Its fault: told to come again later (429) it does so for ever.
// `localfax explore` finds: submit:limited-always, its send did not end.
//
//     PHP_CLI_SERVER_WORKERS=4 php -S 127.0.0.1:8000 docs/examples/app.php

declare(strict_types=1);

function ask(string $path, array $body): array
{
    $call = curl_init(getenv('LOCALFAX_IFAX_BASE_URL') . "/v1/customer/$path");
    $again = 1.0;
    curl_setopt_array($call, [
        CURLOPT_POST => true,
        CURLOPT_RETURNTRANSFER => true,
        CURLOPT_TIMEOUT => 20,
        CURLOPT_HTTPHEADER => ['Content-Type: application/json', 'accessToken: ' . getenv('LOCALFAX_IFAX_ACCESS_TOKEN')],
        CURLOPT_POSTFIELDS => json_encode((object) $body),
        CURLOPT_HEADERFUNCTION => function ($call, string $line) use (&$again): int {
            if (stripos($line, 'retry-after:') === 0) {
                $again = (float) trim(substr($line, 12));
            }
            return strlen($line);
        },
    ]);
    $text = curl_exec($call);
    $status = curl_getinfo($call, CURLINFO_RESPONSE_CODE);
    curl_close($call);
    $told = is_string($text) ? json_decode($text, true) : null;
    return ['status' => $status, 'again' => $again, 'told' => $status === 200 ? $told : null];
}

function find(string $to): ?int
{
    foreach (ask('fax-lists', [])['told']['data'] ?? [] as $row) {
        if ($row['toNumber'] === "+$to") {
            return $row['jobId'];
        }
    }
    return null;
}

function submit(string $to): ?int
{
    $letter = base64_encode(file_get_contents(__DIR__ . '/letter.pdf'));
    for ($place = 0; $place < 3; $place++) {
        if ($place > 0 && ($job = find($to)) !== null) {
            return $job;
        }
        $file = ['fileName' => 'letter.pdf', 'fileData' => $letter];
        while (($answer = ask('fax-send', ['faxNumber' => "+$to", 'faxData' => [$file]]))['status'] === 429) {
            usleep((int) (1e6 * $answer['again'])); // the fault: as often as it takes
        }
        if (isset($answer['told']['data']['jobId'])) {
            return $answer['told']['data']['jobId'];
        }
    }
    return null;
}

/** Read the orders, let them be changed, and write them, while nobody else does. */
function orders(callable $change): mixed
{
    $file = fopen(sys_get_temp_dir() . '/localfax-example-' . $_SERVER['SERVER_PORT'] . '.json', 'c+');
    flock($file, LOCK_EX);
    $orders = json_decode(stream_get_contents($file) ?: '[]', true);
    $result = $change($orders);
    rewind($file);
    ftruncate($file, 0);
    fwrite($file, json_encode($orders));
    fclose($file);
    return $result;
}

function learn(string $number, string $word): array
{
    return orders(function (array &$orders) use ($number, $word): array {
        $order = &$orders[$number];
        if ($order['state'] === 'sending' && $word !== 'sending') {
            $order['state'] = $word === 'delivered' ? 'delivered' : 'failed';
            $order['effects'] += 1;
        }
        return $order;
    });
}

function send(string $to, string $number): array
{
    $fresh = ['to' => $to, 'job' => null, 'state' => 'sending', 'effects' => 0];
    $known = orders(function (array &$orders) use ($number, $fresh): ?array {
        $known = $orders[$number] ?? null;
        $orders[$number] ??= $fresh;
        return $known;
    });
    if ($known !== null) {
        return [200, $known];
    }
    $job = submit($to);
    orders(function (array &$orders) use ($number, $job): void {
        $orders[$number]['job'] = $job;
    });
    return [200, learn($number, $job === null ? 'failed' : 'sending')];
}

function hook(string $body): array
{
    $told = json_decode($body, true);
    if (!isset($told['jobId'], $told['faxStatus'])) {
        return [400, []];
    }
    foreach (orders(fn (array &$orders): array => $orders) as $number => $order) {
        if ($order['job'] === $told['jobId'] || ($order['job'] === null && "+{$order['to']}" === $told['toNumber'])) {
            return [200, learn((string) $number, $told['faxStatus'])];
        }
    }
    return [404, []];
}

function show(string $to): array
{
    foreach (orders(fn (array &$orders): array => $orders) as $number => $order) {
        if ($order['to'] === $to) {
            $waits = $order['state'] === 'sending' && $order['job'] !== null;
            $told = $waits ? ask('fax-status', ['jobId' => $order['job']])['told'] : null;
            return [200, learn((string) $number, $told['data']['faxStatus'] ?? 'sending')];
        }
    }
    return [404, []];
}

[$status, $answer] = match (true) {
    $_SERVER['REQUEST_METHOD'] === 'GET' => show($_GET['to']),
    str_starts_with($_SERVER['REQUEST_URI'], '/hook') => hook(file_get_contents('php://input')),
    default => send($_POST['to'], $_POST['order'] ?? $_POST['to']),
};
http_response_code($status);
header('Content-Type: application/json');
echo json_encode($answer);
