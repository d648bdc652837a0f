"""Every contract on file is the first version of its agreement, and its rates are dollars a unit."""

from django.db import migrations

_AGREEMENT = "UPDATE {contract} SET agreement = {id} WHERE agreement IS NULL"
_RATES = "UPDATE {rate} SET amount = amount_cents / 100.0 WHERE amount IS NULL"
_OLDER = """
DELETE FROM payers_rate r USING payers_rate newer
WHERE newer.contract_id = r.contract_id AND newer.hcpcs = r.hcpcs AND newer.first_on > r.first_on
"""
_TABLES = ("payers_contract", "payers_contractevent", "payers_rate", "payers_rateevent")


def fill(apps, editor):
    """Row-level security holds the tables' owner too: each organization is entered in turn.

    Of several rates of one code the newest stays; what the older ones said stands in the history.
    """
    with editor.connection.cursor() as cursor:
        cursor.execute("SELECT id FROM platform_organization")
        organizations = cursor.fetchall()
        for table in _TABLES:
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        for (organization,) in organizations:
            cursor.execute("SELECT set_config('app.organization', %s::text, true)", [str(organization)])
            cursor.execute(_OLDER)
            for event in ("", "event"):
                cursor.execute(_AGREEMENT.format(contract=f"payers_contract{event}", id="id"))
                cursor.execute(_RATES.format(rate=f"payers_rate{event}"))
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        for table in _TABLES:
            cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")


class Migration(migrations.Migration):

    dependencies = [("payers", "0002_versions_and_prices"), ("platform", "0001_initial")]

    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
