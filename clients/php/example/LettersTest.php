<?php

// Run it with: localfax exec -- phpunit clients/php/example/LettersTest.php

declare(strict_types=1);

use Localfax\Sandbox;
use PHPUnit\Framework\TestCase;

require_once __DIR__ . '/../Localfax.php';
require_once __DIR__ . '/Letters.php';

final class LettersTest extends TestCase
{
    private Sandbox $cloud;
    private Letters $letters;
    private string $file;

    protected function setUp(): void
    {
        $this->cloud = Sandbox::create(['name' => self::class]);
        $this->letters = new Letters($this->cloud->baseUrl('faxto'), $this->cloud->credentials('faxto')['api_key']);
        $this->file = sys_get_temp_dir() . '/' . uniqid('letter-') . '.txt';
        file_put_contents($this->file, 'Dear Ann');
    }

    protected function tearDown(): void
    {
        unlink($this->file);
    }

    /** Only after a test that passed: the sandbox of a failed one stays, to be looked at. */
    protected function assertPostConditions(): void
    {
        $this->cloud->delete();
    }

    public function testABusyLineDelaysALetter(): void
    {
        $this->cloud->when(['to' => '+12125550123'], 'busy', ['delivered' => ['pages' => 1]]);
        $job = $this->letters->send('+12125550123', $this->file);
        $this->cloud->settle();
        $this->assertSame('success', $this->letters->state($job));
        [$fax] = $this->cloud->faxes();
        $this->assertSame(['busy', 'delivered'], array_column($fax['attempts'], 'outcome'));
    }

    public function testALetterThatNobodyTakesHasFailed(): void
    {
        $this->cloud->next(['attempts' => ['no_answer']]);
        $job = $this->letters->send('+12125550123', $this->file);
        $this->assertSame('+12125550123', $this->cloud->wait(['vendor' => 'faxto'])['to']);
        $this->cloud->advance('1h');
        $this->assertSame('failed', $this->letters->state($job));
    }

    public function testNoCreditIsSaidAtOnce(): void
    {
        $this->cloud->settings('faxto', ['balance' => 0]);
        $this->expectException(RuntimeException::class);
        $this->letters->send('+12125550123', $this->file);
    }
}
