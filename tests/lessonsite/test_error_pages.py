"""Who is refused gets a page that says so, even when the form cannot be read."""

from django.test import Client

BROKEN = b"""--b\r
Content-Disposition: form-data; name="a"; filename="a"\r
Content-Transfer-Encoding: base64\r
\r
${x}\r
--b--\r
"""


def posted(path: str, **headers: str) -> tuple[int, str]:
    client = Client(enforce_csrf_checks=True)
    client.cookies["csrftoken"] = "t" * 32
    answer = client.post(path, BROKEN, content_type="multipart/form-data; boundary=b", headers=headers)
    return answer.status_code, answer.content.decode()


def test_a_form_that_cannot_be_read_at_an_address_that_there_is_not():
    status, page = posted("/nowhere/")
    assert status == 404
    assert "<!DOCTYPE html>" in page


def test_a_form_that_cannot_be_read_for_a_host_of_somebody_else():
    status, page = posted("/", host="evil.example")
    assert status == 400
    assert "could not be understood" in page


def test_a_form_that_cannot_be_read():
    assert posted("/lessons/why-async-matters/runs/")[0] == 400
