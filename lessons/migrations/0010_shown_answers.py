from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("lessons", "0009_due_answers"),
    ]

    operations = [
        migrations.AddField(
            model_name="itemrun",
            name="shown",
            field=models.BooleanField(db_default=True, default=True),
        ),
        migrations.RunSQL("UPDATE lessons_itemrun SET shown = due", migrations.RunSQL.noop),
    ]
