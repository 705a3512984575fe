// An application that faxes by two vendors, at their own addresses, and hears of it.
package main

import (
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"os"
	"strings"
	"time"
)

const (
	ifax    = "https://api.ifaxapp.com/v1/customer/fax-send"
	openfax = "https://api.openfax.com/faxSendSubmit.php"
	pdf     = "JVBERi0xLjQKMSAwIG9iajw8L1R5cGUvQ2F0YWxvZy9QYWdlcyAyIDAgUj4+ZW5kb2JqIDIgMCBvYmo8PC9UeXBlL1BhZ2VzL0tpZHNbMyAwIFJdL0Nv" +
		"dW50IDEvTWVkaWFCb3hbMCAwIDYxMiA3OTJdPj5lbmRvYmogMyAwIG9iajw8L1R5cGUvUGFnZS9QYXJlbnQgMiAwIFI+PmVuZG9iagp0cmFpbGVyPDwv" +
		"Um9vdCAxIDAgUj4+CnN0YXJ0eHJlZgowCiUlRU9G"
)

func send(address string, header http.Header, body string) map[string]any {
	request, err := http.NewRequest("POST", address, strings.NewReader(body))
	if err != nil {
		panic(err)
	}
	request.Header = header
	answer, err := http.DefaultClient.Do(request)
	if err != nil {
		panic(err)
	}
	defer answer.Body.Close()
	found := map[string]any{}
	if err := json.NewDecoder(answer.Body).Decode(&found); err != nil {
		panic(err)
	}
	return found
}

func main() {
	heard := make(chan bool, 2)
	listening, err := net.Listen("tcp", "127.0.0.1:"+os.Args[1])
	if err != nil {
		panic(err)
	}
	go http.Serve(listening, http.HandlerFunc(func(answer http.ResponseWriter, request *http.Request) {
		io.Copy(io.Discard, request.Body)
		heard <- true
	}))
	letter, _ := json.Marshal(map[string]any{
		"faxNumber": "+12125550123",
		"faxData":   []map[string]string{{"fileName": "letter.pdf", "fileData": pdf}},
	})
	form := url.Values{
		"AccountID": {"555000111"}, "APIKey": {"LiveKeyOfARealAccount"}, "FaxNumber": {"12125550123"}, "paperSize": {"0"},
		"faxResolution": {"0"}, "Priority": {"Normal"}, "PDF_encode": {pdf},
	}
	keys := http.Header{"Accesstoken": {"live-5f2c9a7be1d04c66"}, "Content-Type": {"application/json"}}
	first := send(ifax, keys, string(letter))
	second := send(openfax, http.Header{"Content-Type": {"application/x-www-form-urlencoded"}}, form.Encode())
	count := 0
	for count < 2 {
		select {
		case <-heard:
			count++
		case <-time.After(20 * time.Second):
			panic("nothing was heard")
		}
	}
	fmt.Println(first["status"], second["Response"], "heard", count)
}
