<?php

// Contexts of a script's own: what it says counts, a proxy too.
$context = stream_context_create(
    ['http' => ['method' => 'POST', 'header' => 'a:b', 'proxy' => 'tcp://proxy.example:1']],
    ['options' => ['ssl' => ['verify_peer' => true]]]
);
$other = stream_context_create();
$http = stream_context_get_options($context)['http'];
assert($context !== $other && count(stream_context_get_options($other)['http']) === 2);
assert(stream_context_get_options($context)['ssl']['verify_peer'] === true);
print "$http[method] $http[header] $http[proxy] then\n";
