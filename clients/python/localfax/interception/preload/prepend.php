<?php

// Runs before every script of a PHP that `localfax exec --intercept` starts: what `file_get_contents`, `fopen` and the
// like open goes by way of Localfax, as curl goes by the environment. PHP has no setting for that, and a context that a
// script makes does not inherit the default one: so contexts are made here, with the proxy in them. The ini file beside
// takes PHP's own function away, which PHP 8 lets us write anew.

if (getenv('LOCALFAX_PRELOAD_PROXY')) {
    stream_context_set_default([
        'http' => ['proxy' => 'tcp://' . getenv('LOCALFAX_PRELOAD_PROXY'), 'request_fulluri' => true],
    ]);
}

// What runs without it (`php -r`, the router script of `php -S`) begins with `require getenv('LOCALFAX_PRELOAD_PHP');`.
if (!function_exists('stream_context_create')) {
    function stream_context_create(?array $options = null, ?array $params = null)
    {
        // The only way to a new context: a stream that was opened without one gets its own when it is first asked.
        $stream = tmpfile();
        stream_context_set_option($stream, 'localfax', 'made', true);
        $contexts = get_resources('stream-context');
        $context = end($contexts);
        $http = ($options['http'] ?? []) + (getenv('LOCALFAX_PRELOAD_PROXY') && !isset($options['http']['proxy'])
            ? ['proxy' => 'tcp://' . getenv('LOCALFAX_PRELOAD_PROXY'), 'request_fulluri' => true]
            : []);
        stream_context_set_option($context, ['http' => $http] + ($options ?? []));
        if ($params !== null) {
            stream_context_set_params($context, $params);
        }
        fclose($stream);

        return $context;
    }
}

// The script that would run first without us.
foreach (array_reverse(array_merge([php_ini_loaded_file()], explode(',', (string) php_ini_scanned_files()))) as $file) {
    $file = trim((string) $file);
    if ($file === '' || !is_readable($file) || strpos($file, 'localfax-intercept.ini') !== false) {
        continue;
    }
    $own = parse_ini_file($file, false, INI_SCANNER_RAW)['auto_prepend_file'] ?? '';
    if ($own !== '') {
        require $own;
        break;
    }
}
unset($file, $own);
