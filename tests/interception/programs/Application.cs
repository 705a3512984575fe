using System;
using System.Collections.Generic;
using System.IO;
using System.Net;
using System.Net.Http;
using System.Text;
using System.Text.RegularExpressions;
using System.Threading;

/// <summary>An application that faxes by two vendors, at their own addresses, and hears of it: by the client that is named.</summary>
static class Application
{
    const string Ifax = "https://api.ifaxapp.com/v1/customer/fax-send";
    const string Openfax = "https://api.openfax.com/faxSendSubmit.php";
    const string Pdf =
        "JVBERi0xLjQKMSAwIG9iajw8L1R5cGUvQ2F0YWxvZy9QYWdlcyAyIDAgUj4+ZW5kb2JqIDIgMCBvYmo8PC9UeXBlL1BhZ2VzL0tpZHNbMyAwIFJdL0Nv"
        + "dW50IDEvTWVkaWFCb3hbMCAwIDYxMiA3OTJdPj5lbmRvYmogMyAwIG9iajw8L1R5cGUvUGFnZS9QYXJlbnQgMiAwIFI+PmVuZG9iagp0cmFpbGVyPDwv"
        + "Um9vdCAxIDAgUj4+CnN0YXJ0eHJlZgowCiUlRU9G";
    const string Letter =
        "{\"faxNumber\": \"+12125550123\", \"faxData\": [{\"fileName\": \"letter.pdf\", \"fileData\": \"" + Pdf + "\"}]}";
    static readonly string Form =
        "AccountID=555000111&APIKey=LiveKeyOfARealAccount&FaxNumber=12125550123&paperSize=0&faxResolution=0&Priority=Normal"
        + "&PDF_encode=" + Uri.EscapeDataString(Pdf);

    static string ByHttpClient(string url, string type, string body)
    {
        using (var client = new HttpClient())
        {
            client.DefaultRequestHeaders.Add("accessToken", "live-5f2c9a7be1d04c66");
            var answer = client.PostAsync(url, new StringContent(body, Encoding.UTF8, type)).Result;
            return answer.Content.ReadAsStringAsync().Result;
        }
    }

    static string ByWebRequest(string url, string type, string body)
    {
        var request = (HttpWebRequest)WebRequest.Create(url);
        request.Method = "POST";
        request.ContentType = type;
        request.Headers["accessToken"] = "live-5f2c9a7be1d04c66";
        using (var writer = new StreamWriter(request.GetRequestStream())) writer.Write(body);
        using (var reader = new StreamReader(request.GetResponse().GetResponseStream())) return reader.ReadToEnd();
    }

    static string Field(string name, string json)
    {
        var found = Regex.Match(json, "\"" + name + "\":\\s*\"?(\\w+)");
        return found.Success ? found.Groups[1].Value : json;
    }

    static void Listen(string port, Semaphore heard)
    {
        var listener = new HttpListener();
        listener.Prefixes.Add("http://127.0.0.1:" + port + "/");
        listener.Start();
        var hearing = new Thread(() =>
        {
            while (true)
            {
                var context = listener.GetContext();
                new StreamReader(context.Request.InputStream).ReadToEnd();
                context.Response.Close();
                heard.Release();
            }
        });
        hearing.IsBackground = true;
        hearing.Start();
    }

    static void Main(string[] words)
    {
        var heard = new Semaphore(0, 10);
        Listen(words[1], heard);
        Func<string, string, string, string> send = ByWebRequest;
        if (words[0] == "HttpClient") send = ByHttpClient;
        var first = Field("status", send(Ifax, "application/json", Letter));
        var second = Field("Response", send(Openfax, "application/x-www-form-urlencoded", Form));
        var count = 0;
        while (count < 2 && heard.WaitOne(TimeSpan.FromSeconds(20))) count++;
        Console.WriteLine(first + " " + second + " heard " + count);
        Environment.Exit(0);
    }
}
