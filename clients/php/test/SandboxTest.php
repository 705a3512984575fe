<?php

// Every method of the client against a real server.

declare(strict_types=1);

use Localfax\Refusal;
use Localfax\Sandbox;
use PHPUnit\Framework\TestCase;

require_once __DIR__ . '/../Localfax.php';

final class SandboxTest extends TestCase
{
    private Sandbox $cloud;

    protected function setUp(): void
    {
        $this->cloud = Sandbox::create(['seed' => 'php']);
    }

    protected function assertPostConditions(): void
    {
        $this->cloud->delete();
    }

    public function testEachHasItsOwnKeysAndAClockThatStands(): void
    {
        $other = Sandbox::create(url: getenv('LOCALFAX_URL') . '/');
        $this->assertNotSame($other->credentials('ifax'), $this->cloud->credentials('ifax'));
        $this->assertSame(['php', 'manual'], [$this->cloud->data['seed'], $this->cloud->data['clock']['mode']]);
        $other->delete();
        $this->assertSame(404, $this->refused(fn () => $other->faxes())->getCode());
    }

    public function testSomebodyFaxesUsAndTheWebhookIsTold(): void
    {
        $this->cloud->webhooksTo('http://127.0.0.1:9/hook', 'ifax');
        $this->assertNull($this->cloud->settings('mfax')['webhooks']['inbound']['url']);
        $this->cloud->receive(['vendor' => 'ifax', 'to' => '+12125550100', 'from' => '+12125550188', 'force' => true]);
        $this->cloud->settle();
        $this->assertSame(['arrived'], array_column($this->cloud->faxes(['direction' => 'inbound']), 'state'));
        $this->assertSame('http://127.0.0.1:9/hook', $this->cloud->webhooks()[0]['request']['url']);
    }

    public function testMistakesAreRefusedWithWhatWasMeant(): void
    {
        $wrong = $this->refused(fn () => $this->cloud->when([], 'buzy'));
        $this->assertStringContainsString("unknown outcome 'buzy'; did you mean busy?", $wrong->getMessage());
        $this->assertSame([400, 'invalid', 'attempts[0]'], [$wrong->getCode(), $wrong->error, $wrong->field]);
        $this->cloud->scenario(['webhook' => ['duplicate' => 1]]);
        $this->expectExceptionMessage('no fax with {"vendor":"kazoo"} within 0 s');
        $this->cloud->wait(['vendor' => 'kazoo'], 0);
    }

    public function testListsAreWhole(): void
    {
        $call = ['vendor' => 'ifax', 'to' => '+12125550100', 'from' => '+12125550188', 'force' => true];
        for ($count = 0; $count < 101; $count++) {
            $this->cloud->receive($call);
        }
        $this->assertCount(101, $this->cloud->faxes());
        $this->assertCount(7, $this->cloud->faxes(['limit' => 7]));
    }

    public function testNobodyAnswers(): void
    {
        $this->expectExceptionMessage('nobody answers at http://127.0.0.1:9/_localfax/sandboxes: ');
        Sandbox::create(url: 'http://127.0.0.1:9');
    }

    private function refused(callable $act): Refusal
    {
        try {
            $act();
        } catch (Refusal $refusal) {
            return $refusal;
        }
        $this->fail('it was not refused');
    }
}
