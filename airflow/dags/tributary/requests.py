"""Requests to Google's APIs with the account of the environment, retried after a transient error."""

from .errors import RequestError


class Requests:
    """send: function of method, URL and body that returns the decoded response, or raises RequestError."""

    def __init__(self, rules, send, sleep):
        self.rules = rules
        self.send = send
        self.sleep = sleep

    def get(self, url):
        return self.retried("get", url, None)

    def post(self, url, body):
        return self.retried("post", url, body)

    def retried(self, method, url, body):
        rule = self.rules[method]
        for retry in range(rule["retries"] + 1):
            try:
                return self.send(method, url, body)
            except RequestError as error:
                lost = error.code is None and (method == "get" or not error.sent)
                if retry == rule["retries"] or not (lost or error.code in rule["codes"]):
                    raise
            self.sleep(min(rule["first"] * rule["factor"] ** retry, rule["longest"]))

    def until(self, over, url, looks):
        """Looks at a resource until `over` is true of it, less and less often."""
        pause = looks["first"]
        while True:
            self.sleep(pause)
            seen = self.get(url)
            if over(seen):
                return seen
            pause = min(pause * 2, looks["longest"])


def google(method, url, body):
    """The real thing."""
    import google.auth
    import requests
    from google.auth.transport.requests import AuthorizedSession

    credentials, _ = google.auth.default(scopes=["https://www.googleapis.com/auth/cloud-platform"])
    try:
        # AuthorizedSession refreshes the token; pauses between requests are longer than connections live.
        response = AuthorizedSession(credentials).request(method, url, json=body, timeout=300)
    except requests.exceptions.ConnectionError as error:
        raise RequestError(str(error), sent=not isinstance(error, requests.exceptions.ConnectTimeout)) from error
    except requests.exceptions.Timeout as error:
        raise RequestError(str(error)) from error
    if response.status_code >= 400:
        raise RequestError(f"{url}: status {response.status_code}: {response.text[:500]}", response.status_code)
    return response.json()
