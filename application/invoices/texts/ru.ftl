# Texts of printed invoices and credit notes.

invoice = Счёт
credit-note = Корректировочный счёт
labels =
    .number = Номер
    .date = Дата
    .seller = Продавец
    .buyer = Покупатель
    .unnamed = Клиент
    .description = Наименование
    .amount = Сумма
    .tax = Налог
    .net = Без налога
    .credit = Зачтено за оставшиеся дни прежнего плана
    .total = Итого
    .payment = Платёж
    .refers = Исправляет счёт
values =
    .date = { $date }
    .description = Подписка на план «{ $plan }»
    .price = { $price }
    .credit = { $credit }
    .net = { $net }
    .tax_rate = { $rate }
    .tax = { $tax }
    .total = { $total }
