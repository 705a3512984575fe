import com.sun.net.httpserver.HttpServer;
import java.io.OutputStream;
import java.net.HttpURLConnection;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URL;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

/** An application that faxes by two vendors, at their own addresses, and hears of it: by the client that is named. */
public class Application {
    static final String IFAX = "https://api.ifaxapp.com/v1/customer/fax-send";
    static final String OPENFAX = "https://api.openfax.com/faxSendSubmit.php";
    static final String PDF =
        "JVBERi0xLjQKMSAwIG9iajw8L1R5cGUvQ2F0YWxvZy9QYWdlcyAyIDAgUj4+ZW5kb2JqIDIgMCBvYmo8PC9UeXBlL1BhZ2VzL0tpZHNbMyAwIFJdL0Nv"
        + "dW50IDEvTWVkaWFCb3hbMCAwIDYxMiA3OTJdPj5lbmRvYmogMyAwIG9iajw8L1R5cGUvUGFnZS9QYXJlbnQgMiAwIFI+PmVuZG9iagp0cmFpbGVyPDwv"
        + "Um9vdCAxIDAgUj4+CnN0YXJ0eHJlZgowCiUlRU9G";
    static final String LETTER =
        "{\"faxNumber\": \"+12125550123\", \"faxData\": [{\"fileName\": \"letter.pdf\", \"fileData\": \"" + PDF + "\"}]}";
    static final String FORM =
        "AccountID=555000111&APIKey=LiveKeyOfARealAccount&FaxNumber=12125550123&paperSize=0&faxResolution=0&Priority=Normal"
        + "&PDF_encode=" + URLEncoder.encode(PDF, StandardCharsets.UTF_8);

    static String byHttpClient(String url, String type, String body) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(URI.create(url))
            .header("Content-Type", type)
            .header("accessToken", "live-5f2c9a7be1d04c66")
            .POST(HttpRequest.BodyPublishers.ofString(body))
            .build();
        return HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString()).body();
    }

    static String byConnection(String url, String type, String body) throws Exception {
        HttpURLConnection connection = (HttpURLConnection) new URL(url).openConnection();
        connection.setRequestProperty("Content-Type", type);
        connection.setRequestProperty("accessToken", "live-5f2c9a7be1d04c66");
        connection.setDoOutput(true);
        try (OutputStream out = connection.getOutputStream()) {
            out.write(body.getBytes(StandardCharsets.UTF_8));
        }
        return new String(connection.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }

    static String send(String client, String url, String type, String body) throws Exception {
        return client.equals("HttpClient") ? byHttpClient(url, type, body) : byConnection(url, type, body);
    }

    static String field(String name, String json) {
        var found = Pattern.compile("\"" + name + "\":\\s*\"?(\\w+)").matcher(json);
        return found.find() ? found.group(1) : json;
    }

    public static void main(String[] words) throws Exception {
        Semaphore heard = new Semaphore(0);
        HttpServer server = HttpServer.create(new InetSocketAddress("127.0.0.1", Integer.parseInt(words[1])), 0);
        server.createContext("/", exchange -> {
            exchange.getRequestBody().readAllBytes();
            exchange.sendResponseHeaders(200, -1);
            exchange.close();
            heard.release();
        });
        server.start();
        String first = field("status", send(words[0], IFAX, "application/json", LETTER));
        String second = field("Response", send(words[0], OPENFAX, "application/x-www-form-urlencoded", FORM));
        boolean both = heard.tryAcquire(2, 20, TimeUnit.SECONDS);
        System.out.println(first + " " + second + " heard " + (both ? 2 : heard.availablePermits()));
        server.stop(0);
        System.exit(0);
    }
}
