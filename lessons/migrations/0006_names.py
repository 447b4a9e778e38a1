from django.db import migrations


class Migration(migrations.Migration):
    """Models get speaking names; the tables keep theirs."""

    dependencies = [("lessons", "0005_longer_names")]
    operations = [
        migrations.AlterModelTable("measured", "lessons_measured"),
        migrations.RenameModel("Measured", "LatestMeasurement"),
        migrations.AlterModelOptions("latestmeasurement", {"verbose_name_plural": "latest measurements"}),
        migrations.RenameModel("Chosen", "AnswerStatistics"),
    ]
