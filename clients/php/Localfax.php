<?php

declare(strict_types=1);

namespace Localfax;

/** The server said no: `getCode()` is the HTTP status, `$error` the error's code, `$field` the field that is wrong. */
final class Refusal extends \RuntimeException
{
    public function __construct(int $status, string $message, public string $error, public ?string $field)
    {
        parent::__construct($field === null ? $message : "$field: $message", $status);
    }
}

/** A sandbox of a Localfax server: five fax vendors of a test's own. It needs PHP 8.1 and its curl extension. */
final class Sandbox
{
    public readonly string $id;
    private function __construct(public readonly string $url, public readonly array $data)
    {
        $this->id = $data['id'];
    }

    /** Make a sandbox (name, seed, clock, webhooks, balance) at LOCALFAX_URL's server. Its clock stands until it is advanced. */
    public static function create(array $settings = [], ?string $url = null): self
    {
        $url = rtrim($url ?? (getenv('LOCALFAX_URL') ?: 'http://127.0.0.1:8329'), '/');
        return new self($url, self::request('POST', "$url/_localfax/sandboxes", $settings + ['clock' => ['mode' => 'manual']]));
    }

    /** What stands before the vendor's own paths: openfax, kazoo, ifax, mfax, faxto. */
    public function baseUrl(string $vendor): string
    {
        return $this->data['vendors'][$vendor]['base_url'];
    }

    /** @return array<string, string> what the vendor knows this sandbox by, in the vendor's own names */
    public function credentials(string $vendor): array
    {
        return $this->data['vendors'][$vendor]['credentials'];
    }

    /** Read what the vendor's portal would set, or change it: balance, numbers, webhooks, profile, … */
    public function settings(string $vendor, array $change = []): array
    {
        return $change ? $this->ask('PATCH', "/vendors/$vendor", $change) : $this->ask('GET', "/vendors/$vendor");
    }

    /** Let the vendors (all, or these) post their webhooks of both directions to a URL. */
    public function webhooksTo(string $url, string ...$vendors): void
    {
        foreach ($vendors ?: array_keys($this->data['vendors']) as $vendor) {
            $this->settings($vendor, ['webhooks' => ['outbound' => $url, 'inbound' => $url]]);
        }
    }

    /** Say how the calls of the faxes that match end: 'busy', ['delivered' => ['pages' => 2]]. */
    public function when(array $match, string|array ...$attempts): void
    {
        $this->scenario(['match' => (object) $match, 'attempts' => $attempts]);
    }

    /** Add a rule with all that a scenario file may say: webhook and HTTP faults too. */
    public function scenario(array $scenario): void
    {
        $this->ask('POST', '/scenarios', $scenario);
    }

    /** Say what becomes of the next fax that fits; ['use' => NAME] takes one of the catalogue. */
    public function next(array $scenario): void
    {
        $this->ask('POST', '/scenarios/next', $scenario);
    }

    /** Play everything for a while ('5m'), webhooks and retries too. */
    public function advance(string $by): array
    {
        return $this->ask('POST', '/clock/advance', ['by' => $by])['timeline'];
    }

    /** Play everything until nothing is left to happen. */
    public function settle(): array
    {
        return $this->ask('POST', '/clock/advance', ['until' => 'idle'])['timeline'];
    }

    /** List the faxes that fit, newest first: vendor, direction, to, from, state; all of them without `limit`. */
    public function faxes(array $query = []): array
    {
        return $this->rows('faxes', $query);
    }

    /** Wait (real time) until a fax fits: for what the application is about to send. */
    public function wait(array $query = [], int $seconds = 10): array
    {
        return $this->faxes($query + ['wait' => "{$seconds}s", 'limit' => 1])[0]
            ?? throw new \RuntimeException('no fax with ' . json_encode($query) . " within $seconds s");
    }

    /** Let somebody fax us: vendor, to, from, pages, document (base 64), csid, scenario, force. */
    public function receive(array $arrival): array
    {
        return $this->ask('POST', '/inbound', $arrival);
    }

    /** List the webhooks with their tries, newest first. */
    public function webhooks(array $query = []): array
    {
        return $this->rows('webhooks', $query);
    }

    public function delete(): void
    {
        $this->ask('DELETE', '');
    }

    /** Request a path below this sandbox's own; throws Refusal. */
    public function ask(string $method, string $path, ?array $body = null, array $query = []): array
    {
        $path .= $query ? '?' . http_build_query($query) : '';
        return self::request($method, "$this->url/_localfax/sandboxes/$this->id$path", $body);
    }

    private function rows(string $plural, array $query): array
    {
        for ($rows = [], $next = 0; $next !== null; $next = isset($query['limit']) ? null : $page['next']) {
            $page = $this->ask('GET', "/$plural", query: $query + ['limit' => 1000] + ($next ? ['after' => $next] : []));
            array_push($rows, ...$page[$plural]);
        }
        return $rows;
    }

    private static function request(string $method, string $url, ?array $body): array
    {
        $curl = curl_init($url);
        $sent = $body === null ? [] : [CURLOPT_POSTFIELDS => json_encode($body ?: new \stdClass(), JSON_THROW_ON_ERROR)];
        $headers = [CURLOPT_HTTPHEADER => $sent ? ['Content-Type: application/json', 'Expect:'] : []];
        curl_setopt_array($curl, $sent + $headers + [CURLOPT_CUSTOMREQUEST => $method, CURLOPT_RETURNTRANSFER => true]);
        if (($text = curl_exec($curl)) === false) {
            throw new \RuntimeException("nobody answers at $url: " . curl_error($curl));
        }
        $said = json_decode($text, true) ?? [];
        if (($status = curl_getinfo($curl, CURLINFO_RESPONSE_CODE)) >= 400) {
            $error = ($said['error'] ?? []) + ['message' => "HTTP $status of $url", 'code' => 'unexpected', 'field' => null];
            throw new Refusal($status, $error['message'], $error['code'], $error['field']);
        }
        return $said;
    }
}
