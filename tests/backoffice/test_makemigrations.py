"""Migrations make a table with its constraints and indexes, unless they speak of a column that comes later."""

from __future__ import annotations

from typing import Any

from django.db import migrations, models

from backoffice.management.commands.makemigrations import gathered

ID: Any = ("id", models.BigAutoField(primary_key=True))


def table(name: str, *columns: str) -> migrations.CreateModel:
    return migrations.CreateModel(name, [ID, *((column, models.IntegerField()) for column in columns)])


def unique(name: str, *columns: str) -> models.UniqueConstraint:
    return models.UniqueConstraint(fields=columns, name=name)


def names(operation: Any, option: str) -> list[str]:
    return [one.name for one in operation.options.get(option, [])]


def test_what_belongs_to_a_new_table_is_made_with_it() -> None:
    referring = migrations.CreateModel("Seat", [ID, ("order", models.ForeignKey("shop.Order", models.CASCADE))])
    order, seat = gathered(
        "shop",
        [
            table("Order", "number", "year"),
            referring,
            migrations.AddConstraint("order", unique("a_number", "number")),
            migrations.AddConstraint("order", unique("a_year", "year")),
            migrations.AddIndex("order", models.Index(fields=["year"], name="by_year")),
        ],
    )
    assert (names(order, "constraints"), names(order, "indexes")) == (["a_number", "a_year"], ["by_year"])
    assert seat is referring


def test_what_speaks_of_a_later_column_comes_after_it() -> None:
    operations = [
        table("Order", "number"),
        migrations.AddField("order", "buyer", models.IntegerField()),
        migrations.AddConstraint("order", unique("a_number", "number")),
        migrations.AddConstraint("order", unique("a_buyer", "number", "buyer")),
        migrations.AddConstraint(
            "order", models.CheckConstraint(name="paid", condition=models.Q(number=1) | ~models.Q(buyer=None))
        ),
    ]
    order, *others = gathered("shop", operations)
    assert names(order, "constraints") == ["a_number"]
    assert others == [operations[1], *operations[3:]]


def test_a_table_that_is_there_already_is_added_to() -> None:
    operations = [table("Seat"), migrations.AddConstraint("order", unique("a_number", "number"))]
    assert gathered("shop", operations) == operations
