"""The lab runs a spec on real servers and reports what happened, as events.

It knows neither the ORM nor templates nor the site's requests.
"""
