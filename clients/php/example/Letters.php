<?php

declare(strict_types=1);

/** An application's own code: it sends letters through Fax.to and asks what became of them. */
final class Letters
{
    public function __construct(private string $baseUrl, private string $apiKey)
    {
    }

    /** Send a file; give Fax.to's id of the job. */
    public function send(string $to, string $path): int
    {
        return $this->ask("/api/v2/fax?fax_number=" . urlencode($to) . '&', ['file' => new CURLFile($path)])['fax_job_id'];
    }

    /** Ask for a job's state. */
    public function state(int $job): string
    {
        return $this->ask("/api/v2/fax/$job/status?")['status'];
    }

    private function ask(string $path, ?array $form = null): array
    {
        $curl = curl_init("$this->baseUrl{$path}api_key=" . urlencode($this->apiKey));
        curl_setopt_array($curl, [CURLOPT_RETURNTRANSFER => true] + ($form ? [CURLOPT_POSTFIELDS => $form] : []));
        $text = curl_exec($curl);
        if (curl_getinfo($curl, CURLINFO_RESPONSE_CODE) !== 200) {
            throw new RuntimeException(json_decode((string) $text, true)['message'] ?? 'Fax.to does not answer');
        }
        return json_decode($text, true);
    }
}
